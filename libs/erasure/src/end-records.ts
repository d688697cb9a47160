import { entryHash } from '@kyoka/chain';
import { sha256Hex } from '@kyoka/evidence';
import { formatInstant, type Instant, type Json, tokyoDay } from '@kyoka/kernel';
import {
  appendLedger,
  decisionContent,
  disclosureContent,
  type DisclosureStep,
  keptStops,
  ledgerContent,
  takeLedger,
} from '@kyoka/permission-store';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { releaseContent } from '@kyoka/release';
import { actId } from './act-id.js';
import type { ErasureContext } from './context.js';
import { eachOf } from './each-of.js';

interface Entry {
  readonly id: string;
  readonly content: Json;
}

const AT_ONCE = 200;

/**
 * Ends the records of erased people after the day that their receipt names: the bodies of ledger
 * entries, decisions, disclosures and releases give way to their hashes, so that every chain stays whole, and what
 * was sent, undone, or never confirmed goes with them. The stop stays, and the ledger says so anew: a
 * question about the past would find nothing of it otherwise.
 *
 * @returns how many erasures
 */
export async function endRecords({ pool }: ErasureContext, at: Instant): Promise<number> {
  const due = await queryable(pool).query<{ id: string }>(
    `select id from permissions.erasure
     where state = 'erased' and records_gone_at is null and records_until < $1::date
     order by records_until, id limit ${AT_ONCE}`,
    [tokyoDay(at)],
  );
  return eachOf(due, ({ id }) =>
    inTransaction(pool, async (tx) => {
      await takeLedger(tx);
      const { entries, folds } = await ledgerOf(tx, id);
      const own = [...entries, ...(await decisionsOf(tx, id)), ...(await disclosuresOf(tx, id))];
      await shred(tx, 'permissions', id, own);
      await shred(tx, 'audiences', id, await releasesOf(tx, id));
      await recordKept(tx, id, folds, at);
      await tx.query('update permissions.erasure set records_gone_at = $2 where id = $1', [
        id,
        formatInstant(at),
      ]);
    }),
  );
}

async function recordKept(
  tx: Queryable,
  erasure: string,
  folds: readonly Buffer[],
  at: Instant,
): Promise<void> {
  const subjects = await tx.query<{ id: string }>(
    'select subject_id as id from permissions.erasure_subject where erasure_id = $1 order by id',
    [erasure],
  );
  const kept = await keptStops(
    tx,
    subjects.map(({ id }) => id),
    folds,
  );
  await appendLedger(
    tx,
    kept.map(({ subjectId, place, body }) => ({
      id: actId(erasure, place, 'records_ended'),
      subjectId,
      act: 'records_ended',
      at,
      body,
    })),
    at,
  );
}

function shred(
  tx: Queryable,
  context: 'permissions' | 'audiences',
  erasure: string,
  entries: readonly Entry[],
): Promise<unknown> {
  return tx.query(`select ${context}.shred_records($1, $2::uuid[], $3::text[])`, [
    erasure,
    entries.map(({ id }) => id),
    entries.map(({ content }) => entryHash(sha256Hex, content)),
  ]);
}

/** Rows of the erasure's subjects from before it, as the database allows them to end. */
const ofErased = (before: string): string =>
  `join permissions.erasure_subject s on s.subject_id = r.subject_id
   join permissions.erasure e on e.id = s.erasure_id
   where e.id = $1 and (${before}) and not r.body ? 'shredded'`;

const DECIDED_BEFORE = 'r.decided_at < e.cleared_at';

/**
 * An event may come in after the rows went, and tell of a time before the wish. What an erasure left is
 * entered as it is carried out.
 */
const TOLD_OF_BEFORE = `r.arrived_at < e.cleared_at or r.act_at <= e.requested_at
  or r.act = 'erasure_carried_out' and r.arrived_at = e.cleared_at`;

type Body = Readonly<Record<string, Json>>;

/** With the folded contact points that something in the entries counts from. */
async function ledgerOf(
  tx: Queryable,
  erasure: string,
): Promise<{ readonly entries: Entry[]; readonly folds: Buffer[] }> {
  const rows = await tx.query<{
    id: string;
    subject_id: string;
    act: string;
    act_at: Date;
    arrived_at: Date;
    body: Body;
  }>(
    `select r.id, r.subject_id, r.act, r.act_at, r.arrived_at, r.body from permissions.ledger r ${ofErased(TOLD_OF_BEFORE)}`,
    [erasure],
  );
  const entries = rows.map(
    ({ id, subject_id: subjectId, act, act_at: moment, arrived_at: arrived, body }) => ({
      id,
      content: ledgerContent({ id, subjectId, act, at: moment.getTime(), body }, arrived.getTime()),
    }),
  );
  const folds = rows.flatMap(({ body }) => (body['folds'] ?? []) as string[]);
  return { entries, folds: folds.map((fold) => Buffer.from(fold, 'base64url')) };
}

async function decisionsOf(tx: Queryable, erasure: string): Promise<Entry[]> {
  const rows = await tx.query<{ id: string; subject_id: string; decided_at: Date; body: Body }>(
    `select r.id, r.subject_id, r.decided_at, r.body from permissions.decision r ${ofErased(DECIDED_BEFORE)}`,
    [erasure],
  );
  return rows.map(({ id, subject_id: subjectId, decided_at: decided, body }) => ({
    id,
    content: decisionContent({ id, subjectId, body }, decided.getTime()),
  }));
}

/** A step of a case belongs to the moment at which the case was opened. */
async function disclosuresOf(tx: Queryable, erasure: string): Promise<Entry[]> {
  const rows = await tx.query<{
    id: string;
    case_id: string;
    subject_id: string;
    step: DisclosureStep['step'];
    opened_at: Date;
    at: Date;
    body: Body;
  }>(
    `select r.id, r.case_id, r.subject_id, r.step, r.opened_at, r.at, r.body
     from permissions.disclosure_step r ${ofErased('r.opened_at < e.cleared_at')}`,
    [erasure],
  );
  return rows.map(({ id, case_id: caseId, subject_id: subjectId, step, body, ...row }) => ({
    id,
    content: disclosureContent({
      id,
      caseId,
      subjectId,
      step,
      openedAt: row.opened_at.getTime(),
      at: row.at.getTime(),
      body,
    }),
  }));
}

async function releasesOf(tx: Queryable, erasure: string): Promise<Entry[]> {
  const rows = await tx.query<{
    id: string;
    subject_id: string;
    attempt_id: string;
    decided_at: Date;
    body: Body;
  }>(
    `select r.id, r.subject_id, r.attempt_id, r.decided_at, r.body from audiences.v_release r ${ofErased(DECIDED_BEFORE)}`,
    [erasure],
  );
  return rows.map((row) => ({
    id: row.id,
    content: releaseContent(
      { id: row.id, subjectId: row.subject_id, attemptId: row.attempt_id, body: row.body },
      row.decided_at.getTime(),
    ),
  }));
}
