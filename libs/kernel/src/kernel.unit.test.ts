import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  DAY,
  endOfTerm,
  formatInstant,
  KyokaError,
  lastOfTerm,
  parseInstant,
  tokyoDay,
  tokyoDayBounds,
} from './index.js';

describe('instants', () => {
  it.each([
    ['2026-11-22T10:00:00+09:00', '2026-11-22T01:00:00.000Z'],
    ['2017-09-25T20:03:43+0900', '2017-09-25T11:03:43.000Z'],
    ['2026-11-22T01:00:00Z', '2026-11-22T01:00:00.000Z'],
    ['2026-11-22T01:00:00.123456Z', '2026-11-22T01:00:00.123Z'],
  ])('reads %s', (text, utc) => {
    expect(formatInstant(parseInstant(text) as number)).toBe(utc);
  });

  it.each(['', '2026-11-22', '2026-11-22T10:00:00', '22 Nov 2026', '2026-13-01T00:00:00Z', 'now'])(
    'refuses %j, which names no offset or no moment',
    (text) => expect(parseInstant(text)).toBeUndefined(),
  );

  it('gives days of Asia/Tokyo, both ends included', () => {
    const bounds = tokyoDayBounds('2026-11-30') as { first: number; last: number };
    expect(formatInstant(bounds.first)).toBe('2026-11-29T15:00:00.000Z');
    expect(tokyoDay(bounds.last)).toBe('2026-11-30');
    expect(tokyoDay(bounds.last + 1)).toBe('2026-12-01');
    expect(tokyoDayBounds('2026-02-30')).toBeUndefined();
  });
});

describe('a term', () => {
  const now = parseInstant('2026-11-20T23:30:00+09:00') as number;

  it('is a moment, or so many days', () => {
    expect(endOfTerm('P30D', now)).toBe(now + 30 * DAY);
    expect(endOfTerm('2027-01-31T00:00:00+09:00', now)).toBe(Date.parse('2027-01-30T15:00:00Z'));
  });

  it('of days ends with the last of them in Asia/Tokyo', () => {
    expect(lastOfTerm('P1D', now)).toBe(lastOfTerm('2026-11-21', now));
    expect(lastOfTerm('2026-11-21', now)).toBe(Date.parse('2026-11-21T14:59:59.999Z'));
  });

  it.each(['P0D', 'P1M', 'P12345D', 'P-1D', 'p1d', '2026-02-30', ''])('is not %j', (text) => {
    expect([endOfTerm(text, now), lastOfTerm(text, now)]).toEqual([undefined, undefined]);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of members and leaves undefined out', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é\n'], c: undefined })).toBe(
      '{"a":[true,null,"é\\n"],"b":1}',
    );
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
    expect(() => canonicalJson('\ud800')).toThrow(RangeError);
  });
});

it('an error carries its retry class', () => {
  expect(new KyokaError('network_unavailable', 'no answer').retry).toBe('backoff');
});
