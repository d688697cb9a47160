import { expect, it } from 'vitest';
import { readAcceptance } from './acceptance.js';

const KEY = 'ab'.repeat(32);

it('reads the id of a job', () => {
  const requestId = '126365e1-16d0-4c81-9de9-f362711e250a';
  expect(readAcceptance({ requestId, fieldWarnings: [{ description: KEY }] })).toBe(requestId);
});

it.each([
  ['no id', {}],
  ['an empty one', { requestId: '' }],
  ['a number', { requestId: 7 }],
  ['one that is too long to keep', { requestId: 'r'.repeat(129) }],
  ['an address', { requestId: 'taro@example.jp' }],
  ['a match key', { requestId: KEY }],
  ['a match key within more', { requestId: `r-${KEY.toUpperCase()}` }],
  ['another shape', [KEY]],
])('keeps nothing of %s', (_, body) => {
  expect(readAcceptance(body)).toBeUndefined();
});
