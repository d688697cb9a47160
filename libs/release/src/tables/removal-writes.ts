import type { ConfirmationBasis, LastSend, RemovalStatus } from '@kyoka/suspension';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { columnsOf, type MatchableKind, type MemberKey, stamp } from '../words.js';

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

/** Records what came of the last request of removals, and lets them be looked at now. */
export async function setResult(
  tx: Queryable,
  ids: readonly string[],
  result: LastSend['result'],
  answeredAt: Instant,
  retry?: { readonly at: Instant; readonly counts: boolean; readonly splits?: boolean },
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update audiences.removal set last_result = $2, last_answered_at = coalesce(last_answered_at, $3), retry_at = $4,
       due_at = $3, failures = failures + $5, splits = splits + $6
     where id = any ($1::uuid[]) and state <> 'confirmed'`,
    [
      ids,
      result,
      stamp(answeredAt),
      stamp(retry?.at),
      retry?.counts === true ? 1 : 0,
      retry?.splits === true ? 1 : 0,
    ],
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
     where id in (select r.id from audiences.removal r
       where r.audience_id = $1 and r.fold = any ($2::bytea[]) and r.state <> 'confirmed'
       order by r.audience_id, r.subject_id, r.kind, r.token for update)`,
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
