import type { Instant } from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';
import { nextTurn, type Quota } from '../pace.js';
import { stamp } from '../words.js';

/**
 * Counts one request to a network, for every worker together. A transaction of its own, so that no
 * request waits for another's locks.
 *
 * @returns the moment to ask again if it may not go now; `undefined` if it may
 */
export function takeTurn(
  pool: Pool,
  network: string,
  quota: readonly Quota[],
  now: Instant,
  share: number,
): Promise<Instant | undefined> {
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `insert into audiences.network_pace (network, per_ms, until, used)
       select $1, per_ms, $2, 0 from unnest($3::integer[]) as q (per_ms) order by per_ms on conflict do nothing`,
      [network, stamp(now), quota.map(({ perMs }) => perMs)],
    );
    const rows = await tx.query<{ per_ms: number; until: Date; used: number }>(
      'select per_ms, until, used from audiences.network_pace where network = $1 order by per_ms for update',
      [network],
    );
    const windows = rows.map((row) => ({
      perMs: row.per_ms,
      until: row.until.getTime(),
      used: row.used,
    }));
    const turn = nextTurn(quota, windows, now, share);
    if ('waitUntil' in turn) return turn.waitUntil;
    await tx.query(
      `update audiences.network_pace p set until = k.until, used = k.used
       from unnest($2::integer[], $3::timestamptz[], $4::integer[]) as k (per_ms, until, used)
       where p.network = $1 and p.per_ms = k.per_ms`,
      [
        network,
        turn.taken.map(({ perMs }) => perMs),
        turn.taken.map(({ until }) => stamp(until)),
        turn.taken.map(({ used }) => used),
      ],
    );
    return undefined;
  });
}

/** The network asked to be left alone until then. Its rows are the last that a transaction locks before the barrier. */
export async function pauseNetwork(tx: Queryable, network: string, until: Instant): Promise<void> {
  await tx.query(
    `insert into audiences.network_pace as p (network, per_ms, until, used) values ($1, 0, $2, 0)
     on conflict (network, per_ms) do update set until = greatest(p.until, excluded.until)`,
    [network, stamp(until)],
  );
}
