import type { JobRef } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { AttemptRow } from '@kyoka/schema';
import { columnsOf, instantOf, type MatchableKind, type MemberKey, stamp } from '../words.js';

type Operation = 'add' | 'remove';
type AttemptState = 'sending' | 'accepted' | 'rejected' | 'unknown' | 'not_sent';
/** `given_up`: the network's time to tell is over. */
export type JobState = 'running' | 'complete' | 'incomplete' | 'failed' | 'given_up';

/** One contact point of a request. `position` is its person's place in the request. */
export interface AttemptItem extends MemberKey {
  readonly position: number;
  readonly fold: Buffer;
  readonly runId: string | null;
}

/** One request to a network, recorded before its first byte. */
export interface Attempt {
  readonly id: string;
  readonly op: Operation;
  readonly audienceId: string;
  readonly persons: number;
  readonly gateAt: Instant;
  /** Last moment at which its body may start to be written. */
  readonly deadlineAt: Instant;
  readonly items: readonly AttemptItem[];
}

/** Records an attempt; its sender is given up at `claimed`, and until it reports an add may land until `lands`. */
export async function insertAttempt(
  tx: Queryable,
  attempt: Attempt,
  until: { readonly claimed: Instant; readonly lands: Instant | undefined },
): Promise<void> {
  await tx.query(
    `insert into audiences.attempt (id, op, audience_id, state, persons, gate_at, deadline_at, claimed_until, lands_by)
     values ($1, $2, $3, 'sending', $4, $5, $6, $7, $8)`,
    [
      attempt.id,
      attempt.op,
      attempt.audienceId,
      attempt.persons,
      stamp(attempt.gateAt),
      stamp(attempt.deadlineAt),
      stamp(until.claimed),
      stamp(until.lands),
    ],
  );
  await tx.query(
    `insert into audiences.attempt_item (attempt_id, position, subject_id, kind, token, fold, run_id)
     select $1, * from unnest($2::integer[], $3::uuid[], $4::text[], $5::bytea[], $6::bytea[], $7::uuid[])`,
    [
      attempt.id,
      attempt.items.map((item) => item.position),
      ...columnsOf(attempt.items),
      attempt.items.map((item) => item.fold),
      attempt.items.map((item) => item.runId),
    ],
  );
}

/** A contact point of a request with its ciphertext. */
export interface SealedItem extends MemberKey {
  readonly position: number;
  readonly sealed: Buffer;
}

/** The items of an attempt, in the order of its records; one of an erased person has nothing to open. */
export async function sealedItems(db: Queryable, attemptId: string): Promise<SealedItem[]> {
  const rows = await db.query<{
    position: number;
    subject_id: string;
    kind: MatchableKind;
    token: Buffer;
    sealed: Buffer;
  }>(
    `select i.position, i.subject_id, i.kind, i.token, coalesce(c.sealed, '\\x') as sealed
     from audiences.attempt_item i
     left join permissions.v_contact_point c on (c.subject_id, c.kind, c.token) = (i.subject_id, i.kind, i.token)
     where i.attempt_id = $1 order by i.position, i.kind, i.token`,
    [attemptId],
  );
  return rows.map((row) => ({
    position: row.position,
    subjectId: row.subject_id,
    kind: row.kind,
    token: row.token,
    sealed: row.sealed,
  }));
}

/** An attempt as it stands. */
export interface StoredAttempt {
  readonly id: string;
  readonly op: Operation;
  readonly audienceId: string;
  readonly state: AttemptState;
  readonly deadlineAt: Instant;
  readonly answeredAt: Instant | undefined;
  readonly job: JobRef | undefined;
  readonly jobState: JobState | undefined;
  readonly polls: number;
}

type Row = Pick<
  AttemptRow,
  'id' | 'op' | 'audience_id' | 'state' | 'deadline_at' | 'answered_at' | 'job_state' | 'polls'
> & { job: JobRef | null };

const COLUMNS = 'id, op, audience_id, state, deadline_at, answered_at, job, job_state, polls';

const attemptFrom = (row: Row): StoredAttempt => ({
  id: row.id,
  op: row.op,
  audienceId: row.audience_id,
  state: row.state,
  deadlineAt: row.deadline_at.getTime(),
  answeredAt: instantOf(row.answered_at),
  job: row.job ?? undefined,
  jobState: row.job_state ?? undefined,
  polls: row.polls,
});

/** Locks an attempt; its members and removals are locked before it. */
export async function lockAttempt(tx: Queryable, id: string): Promise<StoredAttempt | undefined> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from audiences.attempt where id = $1 for update`,
    [id],
  );
  return row && attemptFrom(row);
}

/** Attempts whose sender should have reported long ago. */
export async function unreported(db: Queryable, now: Instant, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from audiences.attempt where state = 'sending' and claimed_until <= $1 order by claimed_until limit $2`,
    [stamp(now), limit],
  );
  return rows.map((row) => row.id);
}

/** Takes jobs that are due to be asked about; nobody else asks about them until `claimedUntil`. */
export async function claimJobs(
  tx: Queryable,
  now: Instant,
  claimedUntil: Instant,
  limit: number,
): Promise<StoredAttempt[]> {
  const rows = await tx.query<Row>(
    `update audiences.attempt set poll_at = $2 where id in (
       select id from audiences.attempt where job_state = 'running' and poll_at <= $1
       order by poll_at limit $3 for update skip locked)
     returning ${COLUMNS}`,
    [stamp(now), stamp(claimedUntil), limit],
  );
  return rows.map(attemptFrom);
}

/** What is known of an attempt after its sender or its job has reported. */
export interface AttemptReport {
  readonly state: AttemptState;
  readonly code: string;
  readonly answeredAt: Instant;
  readonly landsBy: Instant | undefined;
  readonly received?: number | undefined;
  readonly invalid?: number | undefined;
  readonly job?: JobRef | undefined;
  readonly pollAt?: Instant | undefined;
}

export async function reportAttempt(
  tx: Queryable,
  id: string,
  report: AttemptReport,
): Promise<void> {
  await tx.query(
    `update audiences.attempt set state = $2, code = $3, answered_at = $4, lands_by = $5, received = $6, invalid = $7,
       job = $8, job_state = case when $8::jsonb is null then null else 'running' end, poll_at = $9
     where id = $1`,
    [
      id,
      report.state,
      report.code,
      stamp(report.answeredAt),
      stamp(report.landsBy),
      report.received ?? null,
      report.invalid ?? null,
      report.job === undefined ? null : JSON.stringify(report.job),
      stamp(report.pollAt),
    ],
  );
}

/** Marks contact points that were named as bad. */
export async function refuseItems(
  tx: Queryable,
  id: string,
  items: readonly MemberKey[],
): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    `update audiences.attempt_item i set refused = true
     from unnest($2::uuid[], $3::text[], $4::bytea[]) as k (subject_id, kind, token)
     where i.attempt_id = $1 and (i.subject_id, i.kind, i.token) = (k.subject_id, k.kind, k.token)`,
    [id, ...columnsOf(items)],
  );
}

/** Ends a job: from now on its add can't take effect any more. */
export async function endJob(
  tx: Queryable,
  id: string,
  state: JobState,
  at: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.attempt set job_state = $2, job_ended_at = $3, lands_by = $3, poll_at = null where id = $1`,
    [id, state, stamp(at)],
  );
}

export async function pollAgain(
  tx: Queryable,
  id: string,
  polls: number,
  at: Instant,
): Promise<void> {
  await tx.query('update audiences.attempt set polls = $2, poll_at = $3 where id = $1', [
    id,
    polls,
    stamp(at),
  ]);
}
