import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { instantOf, stamp } from '../words.js';

/** Why a run that was due by the cadence didn't start. */
export type RunRefusal = 'owner_not_named' | 'owner_without_right' | 'list_elsewhere';

/** Audiences that are due to run by their cadence and whose period isn't over, at most `limit`. */
export async function audiencesToRun(
  db: Queryable,
  now: Instant,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from audiences.audience where ended_at is null and next_run_at <= $1 and ends_at >= $1
       and id <> all ($3::uuid[])
     order by next_run_at, id limit $2`,
    [stamp(now), limit, except],
  );
  return rows.map((row) => row.id);
}

/** When the next audience is due to run. */
export async function nextRunDue(db: Queryable): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    'select min(next_run_at) as at from audiences.audience where ended_at is null and next_run_at <= ends_at',
  );
  return instantOf(row?.at ?? null);
}

/** Keeps when an audience runs next, and why it didn't now; what was refused before is over. */
export async function setNextRun(
  tx: Queryable,
  id: string,
  { next, refusal, at }: { next: Instant; refusal: RunRefusal | undefined; at: Instant },
): Promise<void> {
  await tx.query(
    `update audiences.audience set next_run_at = $2, run_refusal = $3, run_refused_at = $4 where id = $1`,
    [id, stamp(next), refusal ?? null, refusal === undefined ? null : stamp(at)],
  );
}
