import { faultsOfWords } from '@kyoka/pages';
import { expect, it } from 'vitest';
import { localPath } from './local-path.js';
import { FAULT_WORDS, PROBLEM_WORDS } from '../http/fault-words.js';
import { SIGN_IN_WORDS } from './words.js';

it('the words of signing in and of refusals are whole in every language', () => {
  expect(faultsOfWords(SIGN_IN_WORDS)).toEqual([]);
  expect(faultsOfWords(PROBLEM_WORDS)).toEqual([]);
  expect(faultsOfWords(FAULT_WORDS)).toEqual([]);
});

it.each([
  ['/audiences?run=1', '/audiences?run=1'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [['/a', '/b'], '/'],
  [undefined, '/'],
])('%j leads to %s', (to, path) => {
  expect(localPath(to)).toBe(path);
});
