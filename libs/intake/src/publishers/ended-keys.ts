import type { Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { type Prepared, unauthenticated } from '../prepare.js';
import { inboxKey, takenBefore } from '../tables/event-table.js';
import { endsOfKeys } from '../tables/publisher-table.js';

/**
 * Takes the voucher from the events of a batch whose key had ended when they first arrived. It is
 * looked up in the transaction of the batch, where an end waits for it or it for the end, so that
 * a revocation counts at once, in every process.
 *
 * The first arrival of an event that comes again is the one in the inbox: in time it was valid, and
 * stays so, however late its publisher repeats it.
 */
export async function withoutEndedKeys(
  tx: Queryable,
  batch: readonly Prepared[],
  vault: Vault,
): Promise<readonly Prepared[]> {
  const kids = new Set(batch.flatMap(({ kid }) => kid ?? []));
  const ends = await endsOfKeys(tx, [...kids]);
  const hasEnded = (event: Prepared, arrivedAt: number): boolean =>
    event.kid !== undefined && arrivedAt >= (ends.get(event.kid) ?? -Infinity);
  const late = batch.filter((event) => hasEnded(event, event.arrivedAt));
  if (late.length === 0) return batch;

  const before = await takenBefore(
    tx,
    late.flatMap(({ key }) => key ?? []),
  );
  const ended = new Set(
    late.filter((event) => {
      const known = event.key && before.get(inboxKey(event.key));
      return !known?.digest.equals(event.digest) || hasEnded(event, known.arrivedAt);
    }),
  );
  return batch.map((event) => (ended.has(event) ? unauthenticated(event, vault) : event));
}
