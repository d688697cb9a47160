import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSegment, SEGMENT_LIMITS, segmentSchema } from './segment.js';

const nested = (levels: number): unknown =>
  levels === 0 ? { orders: {} } : { not: nested(levels - 1) };

describe('a segment', () => {
  it.each([
    ['no rule at all: anybody with an order', { orders: {} }],
    [
      'every field of an order rule',
      {
        orders: {
          category: 'skin-care',
          source: 'store',
          within: 'P180D',
          count: { min: 2 },
          yen: { min: 10000, max: 50000 },
          last: { before: 'P90D' },
        },
      },
    ],
    ['combined', { all: [{ any: [{ orders: { sku: 'a' } }] }, { not: { orders: {} } }] }],
    ['as deep as allowed', nested(SEGMENT_LIMITS.depth - 1)],
  ])('is read: %s', (_, value) => {
    expect(parseSegment(value)).toEqual({ ok: true, segment: value });
  });

  it.each([
    ['not an object', 5, '', 'an object with one of all, any, not, orders'],
    ['no known key', { every: [] }, '', 'an object with one of all, any, not, orders'],
    ['two keys at once', { orders: {}, all: [{ orders: {} }] }, '', 'no other fields'],
    ['an empty list', { all: [] }, 'all', 'at least 1'],
    [
      'a duration in months',
      { all: [{ not: { orders: { within: 'P6M' } } }] },
      'all[0].not.orders.within',
      'a number of days such as P180D',
    ],
    ['zero days', { orders: { within: 'P0D' } }, 'orders.within', 'a number of days such as P180D'],
    ['no bound', { orders: { count: {} } }, 'orders.count', 'min or max'],
    [
      'count 0, which `not` says',
      { orders: { count: { max: 0 } } },
      'orders.count.max',
      'at least 1',
    ],
    ['crossed bounds', { orders: { yen: { min: 3, max: 1 } } }, 'orders.yen', 'min not above max'],
    [
      'a text for a number',
      { any: [{ orders: { yen: { min: 'x' } } }] },
      'any[0].orders.yen.min',
      'number',
    ],
    ['an unknown field', { orders: { color: 'red' } }, 'orders', 'no other fields'],
    ['too deep', nested(SEGMENT_LIMITS.depth), '', 'at most 6 levels and 60 rules'],
    [
      'too many rules',
      {
        all: Array.from({ length: 20 }, () => ({
          any: [{ orders: {} }, { orders: {} }, { orders: {} }],
        })),
      },
      '',
      'at most 6 levels and 60 rules',
    ],
    ['deep enough to end a stack', nested(5000), '', 'at most 6 levels and 60 rules'],
  ])('is refused with the field: %s', (_, value, field, expected) => {
    expect(parseSegment(value)).toEqual({ ok: false, faults: [{ field, expected }] });
  });

  it('never quotes what was sent', () => {
    const answer = parseSegment({ orders: { 'taro@example.jp': 1, within: 'taro@example.jp' } });
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('taro');
  });

  it('has a JSON Schema that names itself', () => {
    expect(JSON.stringify(z.toJSONSchema(segmentSchema, { io: 'input' }))).toContain(
      '"P180D"'.slice(1, -1),
    );
  });
});
