/** How the adds of an audience went lately. */
export interface AddPace {
  /** Requests in a row of which nothing was taken, an outage or a lone record that was refused. */
  readonly failures: number;
  /** Most contact points of the next request while a bad record is looked for. */
  readonly limit: number | undefined;
}

/**
 * `taken`: the network took it. `failed`: what was in it isn't why it failed. `refused`: one of its
 * records may be why, and none was named.
 */
export type AddResult = 'taken' | 'failed' | 'refused';

/** Every try writes a release for each contact point, so a network that takes nothing is asked about few. */
const PROBE = 10;

/** How many contact points the next request may carry. */
export const batchLimit = ({ failures, limit }: AddPace, most: number): number =>
  Math.min(most, limit ?? most, failures > 0 ? PROBE : most);

/**
 * The pace after a request of `size` contact points. One that was refused is halved until the bad
 * record stands alone; what is taken lets the next be twice as large again. A record that was refused
 * alone counts as a failure, so that a network which refuses everything isn't fed one after another.
 */
export function paceAfter(
  { failures, limit }: AddPace,
  result: AddResult,
  size: number,
  most: number,
): AddPace {
  switch (result) {
    case 'taken':
      return {
        failures: 0,
        limit: limit === undefined || 2 * limit >= most ? undefined : 2 * limit,
      };
    case 'failed':
      return { failures: failures + 1, limit };
    case 'refused':
      return size > 1 ? { failures, limit: size >> 1 } : { failures: failures + 1, limit: 1 };
  }
}
