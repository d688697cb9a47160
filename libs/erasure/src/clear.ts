import { ANY, formatInstant, type Instant } from '@kyoka/kernel';
import {
  appendLedger,
  appendPermissionStates,
  foldsOf,
  raiseStops,
  recordRemains,
  takeLedger,
  takeSealing,
  touchedBy,
} from '@kyoka/permission-store';
import { inTransaction, type Queryable, queryable } from '@kyoka/postgres';
import type { ErasureContext } from './context.js';
import { actId } from './act-id.js';
import { tellProgress } from './progress.js';
import { eachOf } from './each-of.js';
import { recordsUntil } from './terms.js';

const AT_ONCE = 50;

/**
 * Erasures whose removals are all confirmed, or that waited for them as long as they may: what is held
 * of their subjects leaves the tables, each erasure in a transaction of its own.
 *
 * @returns how many
 */
export async function clearDue(context: ErasureContext, at: Instant): Promise<number> {
  const due = await queryable(context.pool).query<{ id: string }>(
    `select e.id from permissions.erasure e
     left join permissions.stop_act a on a.id = e.id
     where e.state = 'waiting' and (e.latest_at <= $1 or (a.fanned_out_at is not null and not exists (
       select from audiences.still_held(array(
         select s.subject_id from permissions.erasure_subject s where s.erasure_id = e.id)))))
     order by e.requested_at, e.id limit ${AT_ONCE}`,
    [formatInstant(at)],
  );
  return eachOf(due, ({ id }) => clear(context, id, at));
}

/**
 * Takes the rows of one erasure's subjects out. Their stops stay, at the folded contact points, and so
 * do the records that the law wants kept, which name a subject by its random id and tokens.
 */
export async function clear(context: ErasureContext, id: string, at: Instant): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const subjects = await lockSubjectsOf(tx, id);
    // Nobody changes a bucket's key between here and the commit, so the versions noted are all there were.
    await takeSealing(tx, context.vault);
    const [{ unconfirmed } = { unconfirmed: 0 }] = await tx.query<{ unconfirmed: number }>(
      'select count(*)::integer as unconfirmed from audiences.still_held($1::uuid[])',
      [subjects],
    );
    // A withdrawal of theirs goes on as an objection, of which whoever shares a contact point is told.
    const touched = await touchedBy(tx, { subjectIds: subjects, folds: [] });
    const folds = await foldsOf(tx, subjects);
    await tx.query('select audiences.erase_subjects($1, $2::uuid[])', [id, subjects]);
    const cleared = await tx.query<{ subject: string; contacts: number }>(
      'select * from permissions.erase_subjects($1, $2::uuid[])',
      [id, subjects],
    );
    await stopBySubject(tx, id, subjects);
    await removeLinks(tx, subjects);
    await noteKeys(
      tx,
      context,
      id,
      cleared.filter(({ contacts }) => contacts > 0).map(({ subject }) => subject),
    );
    const changed = await tx.query<{ id: string }>(
      `update permissions.erasure set state = 'cleared', cleared_at = $2, unconfirmed = $3, records_until = $4
       where id = $1 and state = 'waiting' returning id`,
      [id, formatInstant(at), unconfirmed, recordsUntil(at)],
    );
    if (changed.length === 0) return;
    await takeLedger(tx);
    await appendPermissionStates(tx, touched, at);
    await tellProgress(tx, [{ erasure: id, subjects, step: 'erasure_carried_out' }], at);
    const remains = await recordRemains(tx, subjects, folds);
    await appendLedger(
      tx,
      subjects.map((subjectId) => ({
        id: actId(id, subjectId, 'cleared'),
        subjectId,
        act: 'erasure_carried_out',
        at,
        body: { erasure: id, unconfirmed, ...remains(subjectId) },
      })),
      at,
    );
  });
}

/**
 * A wish that named an address alone stops through it; that it was theirs, too, isn't known of its
 * subjects any more, so each of them is stopped from here on as well.
 */
async function stopBySubject(
  tx: Queryable,
  erasure: string,
  subjects: readonly string[],
): Promise<void> {
  const [wish] = await tx.query<{ at: Date }>(
    `select coalesce(a.act_at, e.requested_at) as at from permissions.erasure e
     left join permissions.stop_act a on a.id = e.id where e.id = $1 and cardinality(e.tokens) > 0`,
    [erasure],
  );
  if (wish === undefined) return;
  await raiseStops(
    tx,
    subjects.map((subjectId) => ({
      kind: 'erasure',
      purpose: ANY,
      channel: ANY,
      at: wish.at.getTime(),
      evidenceId: '',
      actor: 'subject',
      origin: { subjectId },
      entry: actId(erasure, subjectId, 'cleared'),
    })),
  );
}

/** Links to the person's own page, confirmations that were asked for, and mails about them. */
async function removeLinks(tx: Queryable, subjects: readonly string[]): Promise<void> {
  for (const table of ['page_token', 'page_confirmation', 'duty_mail']) {
    await tx.query(`delete from permissions.${table} where subject_id = any ($1::uuid[])`, [
      subjects,
    ]);
  }
}

async function lockSubjectsOf(tx: Queryable, erasure: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from permissions.subject
     where id in (select subject_id from permissions.erasure_subject where erasure_id = $1)
     order by id for update`,
    [erasure],
  );
  return rows.map((row) => row.id);
}

/** Which keys have to go: whatever sealed a value of these subjects, in an older copy of the database too. */
async function noteKeys(
  tx: Queryable,
  { vault }: ErasureContext,
  erasure: string,
  subjects: readonly string[],
): Promise<void> {
  const buckets = subjects.map((subject) => vault.bucketOf(subject));
  await tx.query(
    `update permissions.erasure_subject s set bucket = n.bucket, key_version = n.version
     from unnest($2::uuid[], $3::integer[], $4::bigint[]) as n (subject_id, bucket, version)
     where s.erasure_id = $1 and s.subject_id = n.subject_id`,
    [erasure, subjects, buckets, buckets.map((bucket) => vault.bucketVersions(bucket).at(-1) ?? 1)],
  );
}
