import { type Capabilities, splitIntoRequests } from '@kyoka/connector-kit';
import type { Removal } from './tables/removal-table.js';
import { groupBy } from './words.js';

/**
 * The removals that the next request carries: what never failed first, then the longest asked for.
 * What a network refused, perhaps because of a record, goes in smaller and smaller requests, so that
 * one bad record keeps no other waiting.
 */
export function nextRemovals(removals: readonly Removal[], capabilities: Capabilities): Removal[] {
  const inTurn = [...removals].sort(
    (one, other) =>
      one.failures - other.failures || one.facts.requestedAt - other.facts.requestedAt,
  );
  const [[splits, alike] = [0, []]] = [...groupBy(inTurn, (removal) => removal.splits)];
  const most = Math.max(1, Math.floor(capabilities.maxPersonsPerRequest / 10 ** splits));
  const records = alike.map((removal) => ({
    emails: removal.kind === 'email' ? ['x'] : [],
    phones: removal.kind === 'phone' ? ['x'] : [],
    removal,
  }));
  const [first = []] = splitIntoRequests(records, { ...capabilities, maxPersonsPerRequest: most });
  return first.map((record) => record.removal);
}
