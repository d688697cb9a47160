import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';

/** Stops that nobody has followed yet, the oldest first, by id. */
export async function unfollowedStops(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from permissions.v_stop_act where fanned_out_at is null
     order by committed_at, id limit $1`,
    [limit],
  );
  return rows.map((row) => row.id);
}

/** Every recipient has been looked at for these stops. */
export async function markFollowed(
  tx: Queryable,
  ids: readonly string[],
  at: Instant,
): Promise<void> {
  await tx.query('select permissions.mark_fanned_out($1::uuid[], $2)', [ids, stamp(at)]);
}

/** Stops whose scope holds ads, of these subjects or of whoever shares a contact point with them. */
export async function stopsAbout(tx: Queryable, subjectIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with fold as (
       select distinct fold from permissions.v_contact_point
       where subject_id = any ($1::uuid[]) and class <> 'invalid')
     select id from permissions.v_stop_act s
     where s.channels && array['*', 'ads'] and (
       s.subject_id = any ($1::uuid[])
       or s.subject_id in (select c.subject_id from permissions.v_contact_point c join fold using (fold))
       or s.folds && (select array_agg(fold) from fold))`,
    [subjectIds],
  );
  return rows.map((row) => row.id);
}
