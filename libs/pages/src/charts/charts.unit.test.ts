import { describe, expect, it } from 'vitest';
import { stairs } from './line.js';
import { fall } from './waterfall.js';

describe('a waterfall', () => {
  it('hangs what is less from what was left, and stands wholes on the ground', () => {
    const step = (kind: 'whole' | 'less' | 'lost' | 'end', people: number) => ({
      label: kind,
      kind,
      people,
    });
    const bars = fall([
      step('whole', 200),
      step('less', 50),
      step('less', 100),
      step('whole', 50),
      step('lost', 10),
      step('end', 40),
    ]).map(({ start, length }) => [start, length]);
    expect(bars).toEqual([
      [0, 1],
      [0.75, 0.25],
      [0.25, 0.5],
      [0, 0.25],
      [0.2, 0.05],
      [0, 0.2],
    ]);
  });

  it('of nobody has bars of no length', () => {
    expect(fall([{ label: '', kind: 'whole', people: 0 }])).toMatchObject([{ length: 0 }]);
  });
});

describe('a line', () => {
  it('holds each value until the next', () => {
    const points = [
      { at: '2026-11-01T00:00:00Z', value: 0 },
      { at: '2026-11-02T00:00:00Z', value: 10 },
      { at: '2026-11-03T00:00:00Z', value: 5 },
    ];
    expect(stairs(points, 10)).toBe('M0.0 160.0 H300.0 V0.0 H600.0 V80.0 H600');
  });

  it('through nothing is empty', () => {
    expect(stairs([], 1)).toBe('');
  });
});
