import { describe, expect, it } from 'vitest';
import { nextTurn, type PaceWindow } from './pace.js';

const QUOTA = [
  { requests: 10, perMs: 1_000 },
  { requests: 15, perMs: 60_000 },
];

/** How many requests go at one moment, and when the next may. */
function burst(windows: readonly PaceWindow[], now: number, share = 1) {
  let kept = windows;
  for (let count = 0; ; count += 1) {
    const turn = nextTurn(QUOTA, kept, now, share);
    if ('waitUntil' in turn) return { count, waitUntil: turn.waitUntil, kept };
    kept = turn.taken;
  }
}

describe('the pace of a network', () => {
  it('lets as many requests go as its quota takes in each period', () => {
    const first = burst([], 0);
    expect(first).toMatchObject({ count: 10, waitUntil: 1_000 });
    const second = burst(first.kept, 1_000);
    expect(second).toMatchObject({ count: 5, waitUntil: 60_000 });
    expect(burst(second.kept, 60_000)).toMatchObject({ count: 10, waitUntil: 61_000 });
  });

  it('leaves a part of the quota to removals', () => {
    const adds = burst([], 0, 0.9);
    expect(adds.count).toBe(9);
    expect(burst(adds.kept, 0).count).toBe(1);
  });

  it('lets nothing go before the network wants to be asked again', () => {
    const asked = [{ perMs: 0, until: 5_000, used: 0 }];
    expect(burst(asked, 4_999)).toMatchObject({ count: 0, waitUntil: 5_000 });
    expect(burst(asked, 5_000).count).toBe(10);
  });
});
