import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { AudienceRow } from '@kyoka/schema';
import type { AddPace } from '../add-pace.js';
import { stamp } from '../words.js';
import { listFrom, type MadeList, paceFrom } from './audience-table.js';

/** Lets one worker make the audience's list at the network; nobody else does before `until`. */
export async function claimList(
  db: Queryable,
  id: string,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const rows = await db.query(
    `update audiences.audience set retry_at = $3
     where id = $1 and list_ref is null and (retry_at is null or retry_at <= $2) returning id`,
    [id, stamp(now), stamp(until)],
  );
  return rows.length > 0;
}

/**
 * Keeps the list of an audience, and ends its claim. The first one stays: what was added to a list
 * that we forget could never be taken out.
 *
 * @returns the list that the audience has
 */
export async function setList(db: Queryable, id: string, list: MadeList): Promise<MadeList> {
  const [row] = await db.query<Pick<AudienceRow, 'list_ref' | 'list_destination'>>(
    `update audiences.audience set list_ref = coalesce(list_ref, $2),
       list_destination = coalesce(list_destination, $3), retry_at = null
     where id = $1 returning list_ref, list_destination`,
    [id, list.ref, list.destination],
  );
  return (row && listFrom(row)) ?? list;
}

/** No add of this audience starts before `at`. */
export async function holdBack(tx: Queryable, id: string, at: Instant): Promise<void> {
  await tx.query('update audiences.audience set retry_at = $2 where id = $1', [id, stamp(at)]);
}

/** Locks how an audience's adds went, against other reports, and tells it. */
export async function lockAddPace(tx: Queryable, id: string): Promise<AddPace> {
  const [row] = await tx.query<Pick<AudienceRow, 'add_failures' | 'add_limit'>>(
    'select add_failures, add_limit from audiences.audience where id = $1 for no key update',
    [id],
  );
  return row ? paceFrom(row) : { failures: 0, limit: undefined };
}

export async function setAddPace(
  tx: Queryable,
  id: string,
  { failures, limit }: AddPace,
): Promise<void> {
  await tx.query('update audiences.audience set add_failures = $2, add_limit = $3 where id = $1', [
    id,
    failures,
    limit ?? null,
  ]);
}

/**
 * Audiences with a member that the gate may be asked for now: wanted, or due to be renewed, and no
 * removal of the same contact point is open there.
 */
export async function audiencesToSend(db: Queryable, now: Instant): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select a.id from audiences.audience a
     where a.ended_at is null and (a.retry_at is null or a.retry_at <= $1)
       and (exists (select from audiences.member m where m.audience_id = a.id and m.state = 'wanted'
              and ${NO_OPEN_REMOVAL})
         or exists (select from audiences.member m where m.audience_id = a.id and m.state = 'held'
              and m.renew_at <= $1 and ${NO_OPEN_REMOVAL}))
     order by a.id`,
    [stamp(now)],
  );
  return rows.map((row) => row.id);
}

/** A member `m` whose contact point no open removal of the same audience names. */
export const NO_OPEN_REMOVAL = `not exists (select from audiences.removal r
  where r.audience_id = m.audience_id and r.fold = m.fold and r.state <> 'confirmed')`;
