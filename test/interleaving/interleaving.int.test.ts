import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShared, type Shared } from '../release/harness/index.js';
import { playAll, seedsFrom } from './companies.js';
import { POINTS } from './plan.js';

/** First seeds of companies that play side by side, and the rounds of each; about ten stops a round. */
const FIRST_SEEDS = [1, 10_001, 20_001];
const ROUNDS = 72;
const TIMEOUT_MS = 900_000;

let shared: Shared;

beforeAll(async () => {
  shared = await openShared();
});
afterAll(() => shared.close());

describe('a stop at any moment of a release', () => {
  it(
    'lets nobody be released after its barrier, and leaves nobody held',
    async () => {
      const rounds = (
        await Promise.all(FIRST_SEEDS.map((seed) => playAll(shared, seedsFrom(seed, ROUNDS))))
      ).flat();
      const wrong = rounds
        .filter(({ violations, othersHeld }) => violations.length > 0 || !othersHeld)
        .map(({ seed, violations, othersHeld }) => ({ seed, violations, othersHeld }));
      expect(wrong).toEqual([]);
      const fell = rounds.flatMap((round) => round.fell);
      expect(fell.length).toBeGreaterThan(2_000);
      const rare = POINTS.filter((point) => fell.filter((one) => one === point).length < 10);
      expect(rare).toEqual([]);
      const sum = (of: 'released' | 'neverReleased') =>
        rounds.reduce((total, round) => total + round[of], 0);
      expect(sum('released')).toBeGreaterThan(500);
      expect(sum('neverReleased')).toBeGreaterThan(500);
    },
    TIMEOUT_MS,
  );
});

describe('the judge', () => {
  it(
    'sees releases after the barrier where the gate takes no barrier and looks only once',
    async () => {
      const rounds = await playAll(shared, seedsFrom(30_001, 8), ({ context: { guard } }) => ({
        guard: { ...guard, close: async () => undefined, narrowed: async () => false },
      }));
      const found = rounds.flatMap(({ violations }) => violations);
      expect(found).toContain('released after the barrier');
      expect(found).toContain('sent without a pass');
    },
    TIMEOUT_MS,
  );

  it(
    'sees who is still held where nobody follows stops',
    async () => {
      const rounds = await playAll(shared, seedsFrom(40_001, 4), () => ({ followers: false }));
      const found = rounds.flatMap(({ violations }) => violations);
      expect(found).toContain('no removal later than the add');
      expect(found).toContain('held in the end');
    },
    TIMEOUT_MS,
  );
});
