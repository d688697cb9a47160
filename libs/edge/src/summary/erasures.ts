import { formatInstant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Figure } from './figures.js';
import type { ErasuresSummary } from './summary.js';

/** How the erasures stand, counted. */
export const ERASURES: Figure<ErasuresSummary> = {
  context: 'permissions',
  name: 'erasures',
  count: countErasures,
};

async function countErasures(db: Queryable): Promise<ErasuresSummary> {
  const [row] = await db.query<{
    waiting: number;
    latest: Date | null;
    cleared: number;
    erased: number;
    after: string | null;
  }>(
    `select count(*) filter (where state = 'waiting')::integer as waiting,
       max(latest_at) filter (where state = 'waiting') as latest,
       count(*) filter (where state = 'cleared')::integer as cleared,
       count(*) filter (where state = 'erased')::integer as erased,
       max(unreadable_after)::text as after
     from permissions.erasure`,
  );
  return {
    waiting: row?.waiting ?? 0,
    ...(row?.latest && { latestAt: formatInstant(row.latest.getTime()) }),
    cleared: row?.cleared ?? 0,
    erased: row?.erased ?? 0,
    ...(row?.after && { unreadableAfter: row.after }),
  };
}
