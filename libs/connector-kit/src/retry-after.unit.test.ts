import { MINUTE, SECOND } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-11-22T01:00:00Z');

it.each([
  ['absent', undefined, undefined],
  ['seconds', '30', 30 * SECOND],
  ['surrounded by spaces', ' 30 ', 30 * SECOND],
  ['zero', '0', 0],
  ['longer than anybody may ask for', '86400', MAX_RETRY_AFTER_MS],
  ['longer than a number holds', '9'.repeat(400), MAX_RETRY_AFTER_MS],
  ['a date', 'Sun, 22 Nov 2026 01:05:00 GMT', 5 * MINUTE],
  ['a date that is over', 'Sun, 22 Nov 2026 00:05:00 GMT', 0],
  ['a date years away', 'Sun, 22 Nov 2099 00:05:00 GMT', MAX_RETRY_AFTER_MS],
  ['no date', 'Xxx, 99 Nov 2026 00:05:00 GMT', undefined],
  ['a date in another form', '2026-11-22T01:05:00Z', undefined],
  ['negative', '-1', undefined],
  ['a fraction', '1.5', undefined],
  ['words', 'soon', undefined],
])('reads a header that is %s', (_, header, wait) => {
  expect(retryAfterMs(header, NOW)).toBe(wait);
});
