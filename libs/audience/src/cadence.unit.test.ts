import { DAY, HOUR } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { cadenceMs, turnAfter } from './index.js';

it.each([
  ['PT1H', HOUR],
  ['PT36H', 36 * HOUR],
  ['PT168H', 7 * DAY],
  ['P1D', DAY],
  ['P7D', 7 * DAY],
])('%s is a cadence', (text, ms) => expect(cadenceMs(text)).toBe(ms));

it.each(['', 'PT0H', 'PT169H', 'P8D', 'P0D', 'PT1M', 'P1DT1H', 'PT01H', '1', 'P1W'])(
  '%j is none',
  (text) => expect(cadenceMs(text)).toBeUndefined(),
);

it.each([
  ['a turn that is to come stays', 100, 7, 99, 100],
  ['one that is due now is followed by the next', 100, 7, 100, 107],
  ['turns that were missed are left out', 100, 7, 135, 142],
  ['and the rhythm stays', 100, 7, 136, 142],
])('%s', (_, from, every, now, next) => expect(turnAfter(from, every, now)).toBe(next));
