import type { SuspensionAnswer } from '@kyoka/contracts';
import { formatInstant } from '@kyoka/kernel';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { readSuspensions } from '../../services/suspensions.js';
import type { StopSummary } from '../../summary/summary.js';

/** Where a list goes on: after this stop, towards older ones. */
export interface StopCursor {
  readonly before: string;
  readonly id: string;
}

export interface StopPage {
  /** Newest first. */
  readonly stops: readonly StopSummary[];
  readonly next?: StopCursor;
}

export interface StopPools {
  readonly permissions: Pool;
  readonly audiences: Pool;
}

/** Suspensions and erasures, newest first, `limit` of them from a place on. */
export async function listStops(
  pools: StopPools,
  { after, limit }: { readonly after?: StopCursor | undefined; readonly limit: number },
): Promise<StopPage> {
  const rows = await queryable(pools.permissions).query<{ id: string; committed_at: Date }>(
    `select id, committed_at from permissions.v_stop_act
      where kind in ('suspension', 'erasure')
        and ($1::timestamptz is null or (committed_at, id) < ($1, $2::uuid))
      order by committed_at desc, id desc limit $3`,
    [after?.before ?? null, after?.id ?? null, limit + 1],
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    stops: await readStopsOf(
      pools,
      shown.map(({ id }) => id),
    ),
    ...(last && { next: { before: formatInstant(last.committed_at.getTime()), id: last.id } }),
  };
}

/** One suspension or erasure. */
export async function readStop(pools: StopPools, id: string): Promise<StopSummary | undefined> {
  return (await readStopsOf(pools, [id]))[0];
}

/** In the order of the ids. */
async function readStopsOf(pools: StopPools, ids: readonly string[]): Promise<StopSummary[]> {
  const found = new Map(
    (await readSuspensions(pools, ids)).map((suspension) => [suspension.id, suspension]),
  );
  const arrived = await arrivals(queryable(pools.permissions), ids);
  return ids
    .map((id) => found.get(id))
    .filter((stop): stop is SuspensionAnswer => stop !== undefined)
    .map((stop) => ({ ...stop, arrivedAt: arrived.get(stop.id) ?? stop.barrierAt }));
}

async function arrivals(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; arrived_at: Date }>(
    'select id, arrived_at from permissions.v_stop_act where id = any ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, formatInstant(row.arrived_at.getTime())]));
}
