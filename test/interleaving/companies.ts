import { type Company, openCompany, type Shared } from '../release/harness/index.js';
import { planOf } from './plan.js';
import { randomFrom } from './random.js';
import { play, type RoundResult, type Without } from './round.js';
import { openStopping, type Stopping } from './stopping.js';
import type { Ticks } from './watched.js';

export interface PlayedRound extends RoundResult {
  readonly seed: number;
}

/**
 * Plays the rounds of these seeds, one after another, in a company with a database of its own.
 *
 * @throws Error that names the seed of a round which couldn't be played to its end
 */
export function playAll(
  shared: Shared,
  seeds: readonly number[],
  without?: (company: Company) => Without,
): Promise<PlayedRound[]> {
  return withCompany(shared, seeds[0] ?? 0, async (company, stopping, ticks) => {
    const played: PlayedRound[] = [];
    for (const seed of seeds) {
      try {
        played.push({
          seed,
          ...(await play(company, stopping, ticks, planOf(seed), without?.(company))),
        });
      } catch (cause) {
        throw new Error(`round ${seed}`, { cause });
      }
    }
    return played;
  });
}

export const seedsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

async function withCompany<T>(
  shared: Shared,
  seed: number,
  use: (company: Company, stopping: Stopping, ticks: Ticks) => Promise<T>,
): Promise<T> {
  const ticks: Ticks = { connector: () => undefined, sandbox: () => undefined };
  const company = await openCompany(shared, {
    random: randomFrom(seed),
    onConnectorClock: () => ticks.connector(),
    onSandboxClock: () => ticks.sandbox(),
  });
  const stopping = await openStopping(company, shared);
  try {
    return await use(company, stopping, ticks);
  } finally {
    await stopping.close();
    await company.close();
  }
}
