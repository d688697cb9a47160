import { randomUUID } from 'node:crypto';
import type { ConfirmationBasis, LastSend, RemovalFacts, RemovalStatus } from '@kyoka/suspension';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
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
  readonly failures: number;
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

/** Ties every open removal of these subjects, in these audiences, to the stop that asks for it. */
export async function linkStops(
  tx: Queryable,
  links: readonly {
    readonly stopActId: string;
    readonly audienceId: string;
    readonly subjectId: string;
  }[],
): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `insert into audiences.removal_stop (stop_act_id, removal_id)
     select k.stop_act_id, r.id
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (stop_act_id, audience_id, subject_id)
     join audiences.removal r on r.audience_id = k.audience_id and r.subject_id = k.subject_id and r.state <> 'confirmed'
     on conflict do nothing`,
    [
      links.map((link) => link.stopActId),
      links.map((link) => link.audienceId),
      links.map((link) => link.subjectId),
    ],
  );
}

interface Row {
  id: string;
  audience_id: string;
  subject_id: string;
  kind: MatchableKind;
  token: Buffer;
  fold: Buffer;
  state: RemovalStatus;
  failures: number;
  requested_at: Date;
  last_sent_at: Date | null;
  last_result: LastSend['result'] | null;
  last_answered_at: Date | null;
  retry_at: Date | null;
  overdue_at: Date | null;
  adds_land_by: Date | null;
}

// Another subject's add of the same contact point, in the strictest folding, brings it back as well.
const SELECT = `select r.id, r.audience_id, r.subject_id, r.kind, r.token, r.fold, r.state, r.failures, r.requested_at,
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

/** Takes open removals that are due; what another worker holds is left out. */
export async function claimDueRemovals(
  tx: Queryable,
  now: Instant,
  limit: number,
): Promise<Removal[]> {
  const rows = await tx.query<Row>(
    `${SELECT} where r.id in (select d.id from audiences.removal d where d.state <> 'confirmed' and d.due_at <= $1
       order by d.due_at limit $2)
     and r.state <> 'confirmed' and r.due_at <= $1
     order by r.audience_id, r.subject_id, r.kind, r.token for update of r skip locked`,
    [stamp(now), limit],
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

/** The moments of removals after a step that sent nothing. */
export async function setStanding(
  tx: Queryable,
  standing: readonly {
    readonly id: string;
    readonly status: RemovalStatus;
    readonly dueAt: Instant;
    readonly dueBy: Instant;
  }[],
  now: Instant,
): Promise<void> {
  if (standing.length === 0) return;
  await tx.query(
    `update audiences.removal r set state = k.state, due_at = k.due_at, due_by = k.due_by,
       overdue_at = case when k.state = 'overdue' then coalesce(r.overdue_at, $5) end
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as k (id, state, due_at, due_by)
     where r.id = k.id and r.state <> 'confirmed'`,
    [
      standing.map((one) => one.id),
      standing.map((one) => one.status),
      standing.map((one) => stamp(one.dueAt)),
      standing.map((one) => stamp(one.dueBy)),
      stamp(now),
    ],
  );
}

/** Removals that an attempt, recorded in this transaction, is about to send. */
export async function markSent(
  tx: Queryable,
  attemptId: string,
  ids: readonly string[],
  at: Instant,
  lookAgainAt: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.removal set last_attempt_id = $1, last_sent_at = $3, last_result = 'open', last_answered_at = null,
       retry_at = null, sends = sends + 1, first_sent_at = coalesce(first_sent_at, $3), due_at = $4,
       state = case when state = 'overdue' then state else 'unconfirmed' end
     where id = any ($2::uuid[])`,
    [attemptId, ids, stamp(at), stamp(lookAgainAt)],
  );
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

export async function setResult(
  tx: Queryable,
  ids: readonly string[],
  result: LastSend['result'],
  answeredAt: Instant,
  retry?: { readonly at: Instant; readonly counts: boolean },
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update audiences.removal set last_result = $2, last_answered_at = coalesce(last_answered_at, $3), retry_at = $4,
       due_at = $3, failures = failures + $5
     where id = any ($1::uuid[]) and state <> 'confirmed'`,
    [ids, result, stamp(answeredAt), stamp(retry?.at), retry?.counts === true ? 1 : 0],
  );
}

export async function markConfirmed(
  tx: Queryable,
  confirmed: readonly { readonly id: string; readonly basis: ConfirmationBasis }[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.removal r set state = 'confirmed', basis = k.basis, confirmed_at = $3
     from unnest($1::uuid[], $2::text[]) as k (id, basis) where r.id = k.id`,
    [confirmed.map((one) => one.id), confirmed.map((one) => one.basis), stamp(at)],
  );
}

/** Something was learned of an add: open removals of the same contact points are looked at again. */
export async function wakeRemovals(
  tx: Queryable,
  audienceId: string,
  folds: readonly Buffer[],
  now: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.removal set due_at = least(due_at, $3)
     where audience_id = $1 and fold = any ($2::bytea[]) and state <> 'confirmed'`,
    [audienceId, folds, stamp(now)],
  );
}

/**
 * Opens again what an add that was reported late may have undone: the newest removal of each of
 * these contact points, if it was confirmed by a request older than the last moment the add may land.
 */
export async function reopenRemovals(
  tx: Queryable,
  audienceId: string,
  keys: readonly MemberKey[],
  landsBy: Instant,
  now: Instant,
): Promise<MemberKey[]> {
  const rows = await tx.query<{ subject_id: string; kind: MatchableKind; token: Buffer }>(
    `update audiences.removal r set state = 'requested', confirmed_at = null, basis = null, due_at = $6
     where r.id in (
       select distinct on (c.subject_id, c.kind, c.token) c.id
       from unnest($2::uuid[], $3::text[], $4::bytea[]) as k (subject_id, kind, token)
       join audiences.removal c on c.audience_id = $1
         and (c.subject_id, c.kind, c.token) = (k.subject_id, k.kind, k.token)
       order by c.subject_id, c.kind, c.token, c.requested_at desc)
       and r.state = 'confirmed' and r.last_sent_at < $5
     returning r.subject_id, r.kind, r.token`,
    [audienceId, ...columnsOf(keys), stamp(landsBy), stamp(now)],
  );
  return rows.map((row) => ({ subjectId: row.subject_id, kind: row.kind, token: row.token }));
}
