import { randomUUID } from 'node:crypto';
import type { RemovalFacts, RemovalStatus } from '@kyoka/suspension';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { RemovalRow } from '@kyoka/schema';
import {
  columnsOf,
  instantOf,
  type MatchableKind,
  type MemberKey,
  type RemovalCause,
  stamp,
} from '../words.js';

/** The undoing of one contact point's release in one audience. */
export interface Removal extends MemberKey {
  readonly id: string;
  readonly audienceId: string;
  readonly fold: Buffer;
  readonly state: RemovalStatus;
  /** Requests with it that failed, for whatever reason. */
  readonly failures: number;
  /** Those of them that may have failed because of one of their records. */
  readonly splits: number;
  readonly overdueAt: Instant | undefined;
  readonly facts: RemovalFacts;
}

/** Records removals; a contact point whose removal is open already keeps that one. Returns the new ids. */
export async function insertRemovals(
  tx: Queryable,
  audienceId: string,
  members: readonly (MemberKey & { readonly fold: Buffer })[],
  cause: RemovalCause,
  at: Instant,
  dueBy: Instant,
): Promise<string[]> {
  if (members.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `insert into audiences.removal (id, audience_id, subject_id, kind, token, fold, cause, state, requested_at, due_at, due_by)
     select k.id, $1, k.subject_id, k.kind, k.token, k.fold, $2, 'requested', $3, $3, $4
     from unnest($5::uuid[], $6::uuid[], $7::text[], $8::bytea[], $9::bytea[]) as k (id, subject_id, kind, token, fold)
     on conflict (audience_id, subject_id, kind, token) where state <> 'confirmed' do nothing
     returning id`,
    [
      audienceId,
      cause,
      stamp(at),
      stamp(dueBy),
      members.map(() => randomUUID()),
      ...columnsOf(members),
      members.map((member) => member.fold),
    ],
  );
  return rows.map((row) => row.id);
}

type Row = Omit<RemovalRow, 'kind'> & { kind: MatchableKind; adds_land_by: Date | null };

// Another subject's add of the same contact point, in the strictest folding, brings it back as well.
const SELECT = `select r.id, r.audience_id, r.subject_id, r.kind, r.token, r.fold, r.state, r.failures, r.splits, r.requested_at,
    r.last_sent_at, r.last_result, r.last_answered_at, r.retry_at, r.overdue_at,
    (select max(a.lands_by) from audiences.attempt_item i join audiences.attempt a on a.id = i.attempt_id
     where i.fold = r.fold and a.audience_id = r.audience_id and a.op = 'add' and not i.refused) as adds_land_by
  from audiences.removal r`;

const removalFrom = (row: Row): Removal => ({
  id: row.id,
  audienceId: row.audience_id,
  subjectId: row.subject_id,
  kind: row.kind,
  token: row.token,
  fold: row.fold,
  state: row.state,
  failures: row.failures,
  splits: row.splits,
  overdueAt: instantOf(row.overdue_at),
  facts: {
    requestedAt: row.requested_at.getTime(),
    addsLandBy: instantOf(row.adds_land_by),
    last:
      row.last_sent_at === null || row.last_result === null
        ? undefined
        : {
            sentAt: row.last_sent_at.getTime(),
            result: row.last_result,
            answeredAt: instantOf(row.last_answered_at),
            retryAt: instantOf(row.retry_at),
          },
  },
});

/** Removals at recipients of these networks, or, with `others`, at every other recipient. */
export interface RemovalShare {
  readonly networks: readonly string[];
  readonly others: boolean;
}

/** Takes open removals of a share that are due, those that never failed first and audiences by turns; what another worker holds is left out. */
export async function claimDueRemovals(
  tx: Queryable,
  { networks, others }: RemovalShare,
  now: Instant,
  limit: number,
): Promise<Removal[]> {
  const rows = await tx.query<Row>(
    `${SELECT} where r.id in (
       select d.id from audiences.audience a join audiences.recipient p on p.id = a.recipient_id
       cross join lateral (select id, row_number() over (order by failures, due_at) as turn from audiences.removal where audience_id = a.id
         and state <> 'confirmed' and due_at <= $1 order by failures, due_at limit $2) as d
       where (coalesce(p.network, '') = any ($3::text[])) <> $4
       order by d.turn limit $2)
     and r.state <> 'confirmed' and r.due_at <= $1
     order by r.audience_id, r.subject_id, r.kind, r.token for update of r skip locked`,
    [stamp(now), limit, networks, others],
  );
  return rows.map(removalFrom);
}

/** Locks open removals by id. */
export async function lockRemovals(tx: Queryable, ids: readonly string[]): Promise<Removal[]> {
  const rows = await tx.query<Row>(
    `${SELECT} where r.id = any ($1::uuid[]) and r.state <> 'confirmed'
     order by r.audience_id, r.subject_id, r.kind, r.token for update of r`,
    [ids],
  );
  return rows.map(removalFrom);
}

/** Open removals that an attempt was the last one to send, in the order of their locks. */
export async function lockSentBy(tx: Queryable, attemptId: string): Promise<Removal[]> {
  const rows = await tx.query<Row>(
    `${SELECT} where r.last_attempt_id = $1 and r.state <> 'confirmed'
     order by r.audience_id, r.subject_id, r.kind, r.token for update of r`,
    [attemptId],
  );
  return rows.map(removalFrom);
}
