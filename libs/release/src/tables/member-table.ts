import type { MemberState } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { MemberRow } from '@kyoka/schema';
import { columnsOf, instantOf, type MemberKey, stamp } from '../words.js';
import { NO_OPEN_REMOVAL } from './audience-adds-table.js';

/** One contact point of a subject in an audience. */
export interface Member extends MemberKey {
  readonly audienceId: string;
  readonly fold: Buffer;
  readonly state: MemberState;
  readonly runId: string | null;
  readonly attemptId: string | null;
  readonly tries: number;
  /** Set once the network may have held it: a failed renewal then leaves it held. */
  readonly heldSince: Instant | undefined;
}

type Row = Pick<
  MemberRow,
  | 'audience_id'
  | 'subject_id'
  | 'kind'
  | 'token'
  | 'fold'
  | 'state'
  | 'run_id'
  | 'attempt_id'
  | 'tries'
  | 'held_since'
>;

const COLUMNS = `m.audience_id, m.subject_id, m.kind, m.token, m.fold, m.state, m.run_id, m.attempt_id, m.tries, m.held_since`;
// Rows of this table are locked in this order everywhere.
const ORDER = 'm.audience_id, m.subject_id, m.kind, m.token';

const memberFrom = (row: Row): Member => ({
  audienceId: row.audience_id,
  subjectId: row.subject_id,
  kind: row.kind,
  token: row.token,
  fold: row.fold,
  state: row.state,
  runId: row.run_id,
  attemptId: row.attempt_id,
  tries: row.tries,
  heldSince: instantOf(row.held_since),
});

/** States in which the difference may end a member. */
const LIVE = `m.state in ('wanted', 'sending', 'processing', 'held', 'refused')`;

/** Locks what subjects have in any audience. */
export async function lockMembersOf(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m where m.subject_id = any ($1::uuid[])
     order by ${ORDER} for update of m`,
    [subjectIds],
  );
  return rows.map(memberFrom);
}

/** Locks whatever shares one of these folded contact points with others of its audience. */
export async function lockMembersUnder(
  tx: Queryable,
  folds: readonly { readonly audienceId: string; readonly fold: Buffer }[],
): Promise<void> {
  await tx.query(
    `select from audiences.member m
     where (m.audience_id, m.fold) in (select * from unnest($1::uuid[], $2::bytea[]))
     order by ${ORDER} for update of m`,
    [folds.map((one) => one.audienceId), folds.map((one) => one.fold)],
  );
}

/** Locks what an audience has between two subjects, but for what is gone: after `from`, up to `to`; `null` is the end. */
export async function lockLiveBetween(
  tx: Queryable,
  audienceId: string,
  from: string | null,
  to: string | null,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where m.audience_id = $1 and ($2::uuid is null or m.subject_id > $2) and ($3::uuid is null or m.subject_id <= $3)
       and m.state <> 'gone'
     order by ${ORDER} for update of m`,
    [audienceId, from, to],
  );
  return rows.map(memberFrom);
}

/** Locks those of these contact points that an audience had once. */
export async function lockGone(
  tx: Queryable,
  audienceId: string,
  keys: readonly MemberKey[],
): Promise<Member[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     join unnest($2::uuid[], $3::text[], $4::bytea[]) as k (subject_id, kind, token)
       on (m.subject_id, m.kind, m.token) = (k.subject_id, k.kind, k.token)
     where m.audience_id = $1 and m.state = 'gone'
     order by ${ORDER} for update of m`,
    [audienceId, ...columnsOf(keys)],
  );
  return rows.map(memberFrom);
}

/** Locks live members of an audience, at most `limit`. */
export async function lockLiveMembers(
  tx: Queryable,
  audienceId: string,
  limit: number,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m where m.audience_id = $1 and ${LIVE}
     order by ${ORDER} limit $2 for update of m`,
    [audienceId, limit],
  );
  return rows.map(memberFrom);
}

/** Locks held members whose lease is over, at most `limit`. */
export async function lockLapsedMembers(
  tx: Queryable,
  now: Instant,
  limit: number,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where (m.audience_id, m.subject_id, m.kind, m.token) in (
       select l.audience_id, l.subject_id, l.kind, l.token from audiences.member l
       where l.state = 'held' and l.lease_until <= $1 order by l.lease_until limit $2)
     order by ${ORDER} for update of m`,
    [stamp(now), limit],
  );
  return rows.map(memberFrom).filter((member) => member.state === 'held');
}

const SENDABLE = `(m.state = 'wanted' or (m.state = 'held' and m.renew_at <= $2)) and ${NO_OPEN_REMOVAL}`;

/**
 * Locks what the gate may be asked for now, at most `limit` rows, and leaves out what another
 * transaction works on.
 */
export async function lockSendable(
  tx: Queryable,
  audienceId: string,
  now: Instant,
  limit: number,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where m.audience_id = $1 and ${SENDABLE}
     order by ${ORDER} limit $3 for update of m skip locked`,
    [audienceId, stamp(now), limit],
  );
  return rows.map(memberFrom);
}

/** The same of one subject, whatever the limit. */
export async function lockSendableOf(
  tx: Queryable,
  audienceId: string,
  now: Instant,
  subjectId: string,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where m.audience_id = $1 and m.subject_id = $3 and ${SENDABLE}
     order by ${ORDER} for update of m skip locked`,
    [audienceId, stamp(now), subjectId],
  );
  return rows.map(memberFrom);
}

/** Locks the members that an attempt names, each with its record's position in the request. */
export async function lockAttempted(
  tx: Queryable,
  attemptId: string,
): Promise<(Member & { readonly position: number })[]> {
  const rows = await tx.query<Row & { position: number }>(
    `select ${COLUMNS}, i.position from audiences.attempt_item i
     join audiences.attempt a on a.id = i.attempt_id
     join audiences.member m on m.audience_id = a.audience_id and m.subject_id = i.subject_id
       and m.kind = i.kind and m.token = i.token
     where i.attempt_id = $1 order by ${ORDER} for update of m`,
    [attemptId],
  );
  return rows.map((row) => ({ ...memberFrom(row), position: row.position }));
}

/** Live members whose decision time alone may have changed: the partial index `member_due`. */
const DECIDED = `m.state in ('wanted', 'sending', 'processing', 'held')`;

/** Subjects with a member whose decision time alone may have changed by `now`, at most `limit` members. */
export async function dueSubjects(
  db: Queryable,
  now: Instant,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<string[]> {
  const rows = await db.query<{ subject_id: string }>(
    `select m.subject_id from audiences.member m
     where ${DECIDED} and m.due_at <= $1 and m.subject_id <> all ($3::uuid[]) order by m.due_at limit $2`,
    [stamp(now), limit, except],
  );
  return [...new Set(rows.map((row) => row.subject_id))];
}

/** When time alone may next change a decision about a member. */
export async function nextMemberDue(db: Queryable): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select min(m.due_at) as at from audiences.member m where ${DECIDED}`,
  );
  return instantOf(row?.at ?? null);
}

/** Has every live member of an audience decided again. */
export async function makeMembersDue(
  tx: Queryable,
  audienceId: string,
  now: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.member set due_at = $2
     where (audience_id, subject_id, kind, token) in (
       select m.audience_id, m.subject_id, m.kind, m.token from audiences.member m
       where m.audience_id = $1 and ${DECIDED} and (m.due_at is null or m.due_at > $2)
       order by ${ORDER} for update of m)`,
    [audienceId, stamp(now)],
  );
}

/** Subjects whose live members nobody has decided about since `before`, by audience. */
export async function stalest(
  db: Queryable,
  before: Instant,
  limit: number,
): Promise<{ audienceId: string; subjectId: string }[]> {
  const rows = await db.query<{ audience_id: string; subject_id: string }>(
    `select audience_id, subject_id from audiences.member m
     where m.state in ('wanted', 'sending', 'processing', 'held') and m.checked_at <= $1
     order by m.checked_at limit $2`,
    [stamp(before), limit],
  );
  return rows.map((row) => ({ audienceId: row.audience_id, subjectId: row.subject_id }));
}
