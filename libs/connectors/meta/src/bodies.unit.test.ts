import { expect, it } from 'vitest';
import { rows } from './bodies.js';

it('puts each identifier of each person in exactly one row', () => {
  expect(
    rows([
      { emails: ['e1'], phones: ['p1'] },
      { emails: ['e2', 'e3'], phones: [] },
      { emails: [], phones: ['p4', 'p5'] },
      { emails: ['e6'], phones: ['p6', 'p7'] },
    ]),
  ).toEqual([
    ['e1', 'p1'],
    ['e2', ''],
    ['e3', ''],
    ['', 'p4'],
    ['', 'p5'],
    ['e6', 'p6'],
    ['', 'p7'],
  ]);
});
