import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, openCompany, openShared, type Shared } from '../release/harness/index.js';
import { planOf, POINTS, type Point } from './plan.js';
import { randomFrom } from './random.js';
import { play, type RoundResult, type Without } from './round.js';
import type { Ticks } from './watched.js';

/** Companies side by side, each with a database of its own, and the rounds that each plays. */
const COMPANIES = 3;
const ROUNDS = Number(process.env['ROUNDS'] ?? 20);

let shared: Shared;

beforeAll(async () => {
  shared = await openShared();
});
afterAll(() => shared.close());

async function withCompany<T>(
  seed: number,
  use: (company: Company, ticks: Ticks) => Promise<T>,
): Promise<T> {
  const ticks: Ticks = { connector: () => undefined, sandbox: () => undefined };
  const company = await openCompany(shared, {
    random: randomFrom(seed),
    onConnectorClock: () => ticks.connector(),
    onSandboxClock: () => ticks.sandbox(),
  });
  try {
    return await use(company, ticks);
  } finally {
    await company.close();
  }
}

/** Plays seeded rounds; a round that throws names its seed. */
const playAll = (seeds: readonly number[], without?: Without) =>
  withCompany(seeds[0] ?? 0, async (company, ticks) => {
    const results: (RoundResult & { seed: number })[] = [];
    for (const seed of seeds) {
      try {
        results.push({ seed, ...(await play(company, ticks, planOf(seed), without)) });
      } catch (cause) {
        throw new Error(`round ${seed}`, { cause });
      }
    }
    return results;
  });

const seedsOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

const sum = (results: readonly RoundResult[], of: (result: RoundResult) => number) =>
  results.reduce((total, result) => total + of(result), 0);

describe('a stop at any moment of a release', () => {
  it('is a barrier, and what passed before it ends in a removal', async () => {
    const t = Date.now();
    const results = (
      await Promise.all(
        seedsOf(0, COMPANIES).map((company) => playAll(seedsOf(1 + company * 10_000, ROUNDS))),
      )
    ).flat();
    expect(
      results
        .filter(({ violations, othersHeld }) => violations.length > 0 || !othersHeld)
        .map(({ seed, violations, othersHeld }) => ({ seed, violations, othersHeld })),
    ).toEqual([]);
    const stops = sum(results, ({ fell }) => fell.length);
    const fell = results.flatMap((result) => result.fell);
    console.log(
      stops,
      Date.now() - t,
      Object.fromEntries(POINTS.map((p) => [p, fell.filter((f) => f === p).length])),
      sum(results, (r) => r.released),
      sum(results, (r) => r.neverReleased),
    );
  }, 600_000);
});
