import { MEMBER_EVENTS, type MemberEvent, type MemberState } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { columnsOf, instantOf, type MatchableKind, type MemberKey, stamp } from '../words.js';
import { NO_OPEN_REMOVAL } from './audience-table.js';

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

interface Row {
  audience_id: string;
  subject_id: string;
  kind: MatchableKind;
  token: Buffer;
  fold: Buffer;
  state: MemberState;
  run_id: string | null;
  attempt_id: string | null;
  tries: number;
  held_since: Date | null;
}

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

/** Locks what subjects have in any audience, or in one. */
export async function lockMembersOf(
  tx: Queryable,
  subjectIds: readonly string[],
  audienceId?: string,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where m.subject_id = any ($1::uuid[]) and ($2::uuid is null or m.audience_id = $2)
     order by ${ORDER} for update of m`,
    [subjectIds, audienceId ?? null],
  );
  return rows.map(memberFrom);
}

/** Locks what an audience has between two subjects: after `from`, up to `to`; `null` is the end. */
export async function lockMembersBetween(
  tx: Queryable,
  audienceId: string,
  from: string | null,
  to: string | null,
): Promise<Member[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from audiences.member m
     where m.audience_id = $1 and ($2::uuid is null or m.subject_id > $2) and ($3::uuid is null or m.subject_id <= $3)
       and m.state <> 'leaving'
     order by ${ORDER} for update of m`,
    [audienceId, from, to],
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
     where m.audience_id = $1 and (m.state = 'wanted' or (m.state = 'held' and m.renew_at <= $2)) and ${NO_OPEN_REMOVAL}
     order by ${ORDER} limit $3 for update of m skip locked`,
    [audienceId, stamp(now), limit],
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

export async function markChecked(
  tx: Queryable,
  audienceId: string,
  subjectIds: readonly string[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.member set checked_at = $3 where audience_id = $1 and subject_id = any ($2::uuid[])`,
    [audienceId, subjectIds, stamp(at)],
  );
}

/** Wants contact points that the audience doesn't have yet. Ones that are no contact point of their subject are left out. */
export async function insertWanted(
  tx: Queryable,
  audienceId: string,
  runId: string,
  keys: readonly MemberKey[],
  at: Instant,
): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `insert into audiences.member (audience_id, subject_id, kind, token, fold, state, run_id, checked_at, changed_at)
     select $1, c.subject_id, c.kind, c.token, c.fold, 'wanted', $2, $3, $3
     from unnest($4::uuid[], $5::text[], $6::bytea[]) as k (subject_id, kind, token)
     join permissions.v_contact_point c on (c.subject_id, c.kind, c.token) = (k.subject_id, k.kind, k.token)
     on conflict (audience_id, subject_id, kind, token) do nothing`,
    [audienceId, runId, stamp(at), ...columnsOf(keys)],
  );
}

/** What a step of a member writes besides its state; a field that is absent stays as it is. */
export interface MemberChange {
  readonly runId?: string | null;
  readonly attemptId?: string;
  readonly certain?: boolean;
  readonly tries?: number;
  readonly heldSince?: Instant | null;
  readonly leaseUntil?: Instant;
  readonly renewAt?: Instant;
}

const WRITTEN = {
  runId: ['run_id', 'uuid'],
  attemptId: ['attempt_id', 'uuid'],
  certain: ['certain', 'boolean'],
  tries: ['tries', 'integer'],
  heldSince: ['held_since', 'timestamptz'],
  leaseUntil: ['lease_until', 'timestamptz'],
  renewAt: ['renew_at', 'timestamptz'],
} as const satisfies Record<keyof MemberChange, readonly [string, string]>;

/**
 * Moves members along one event of their life; those in a state where the event has no effect stay
 * untouched. The caller has locked them.
 */
export async function moveMembers(
  tx: Queryable,
  event: MemberEvent,
  audienceId: string,
  keys: readonly MemberKey[],
  at: Instant,
  change: MemberChange = {},
): Promise<void> {
  if (keys.length === 0) return;
  const { from, to } = MEMBER_EVENTS[event];
  const parameters: unknown[] = [audienceId, ...columnsOf(keys), [...from], to, stamp(at)];
  const written = (Object.keys(WRITTEN) as (keyof MemberChange)[]).flatMap((field) => {
    const value = change[field];
    if (value === undefined) return [];
    const [column, type] = WRITTEN[field];
    parameters.push(type === 'timestamptz' ? stamp(value as Instant | null) : value);
    return [`, ${column} = $${parameters.length}::${type}`];
  });
  await tx.query(
    `update audiences.member m set state = $6, changed_at = $7${written.join('')}
     from unnest($2::uuid[], $3::text[], $4::bytea[]) as k (subject_id, kind, token)
     where m.audience_id = $1 and (m.subject_id, m.kind, m.token) = (k.subject_id, k.kind, k.token)
       and m.state = any ($5::text[])`,
    parameters,
  );
}

/** What is still held under the same contact points is added again: their removal took it out too. */
export async function renewSharers(
  tx: Queryable,
  audienceId: string,
  folds: readonly Buffer[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.member set renew_at = $3 where audience_id = $1 and fold = any ($2::bytea[]) and state = 'held'`,
    [audienceId, folds, stamp(at)],
  );
}
