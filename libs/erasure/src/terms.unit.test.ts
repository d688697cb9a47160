import { expect, it } from 'vitest';
import { unreadableAfter } from './terms.js';

const ERASED = Date.parse('2026-11-20T03:00:00Z');

it.each([
  [1, '2026-12-05'],
  [14, '2026-12-18'],
  [90, '2027-03-04'],
])('a key of parked originals kept %i days may be copied on its last one', (days, last) => {
  expect(unreadableAfter(ERASED, days)).toBe(last);
});
