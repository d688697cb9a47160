import { MEMBER_EVENTS, type MemberEvent } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { PersonDecision } from '../ports.js';
import { columnsOf, type MemberKey, stamp } from '../words.js';

type Checked = Pick<PersonDecision, 'subjectId' | 'changesAt'>;

/** Keeps when subjects were decided, and when that may change by time alone. The caller has locked all they have. */
export async function markChecked(
  tx: Queryable,
  audienceId: string,
  decisions: readonly Checked[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update audiences.member m set checked_at = $2, due_at = d.due_at
     from unnest($3::uuid[], $4::timestamptz[]) as d (subject_id, due_at)
     where m.audience_id = $1 and m.subject_id = d.subject_id`,
    [
      audienceId,
      stamp(at),
      decisions.map(({ subjectId }) => subjectId),
      decisions.map(({ changesAt }) => stamp(changesAt)),
    ],
  );
}

/**
 * Keeps of members that the caller has locked when what was decided of their subjects may change by
 * time alone. Where that is the moment known already nothing is written.
 */
export async function setDue(
  tx: Queryable,
  audienceId: string,
  keys: readonly MemberKey[],
  decisions: readonly Checked[],
): Promise<void> {
  const dueAt = new Map(decisions.map(({ subjectId, changesAt }) => [subjectId, changesAt]));
  const decided = keys.filter(({ subjectId }) => dueAt.has(subjectId));
  if (decided.length === 0) return;
  await tx.query(
    `update audiences.member m set due_at = k.due_at
     from unnest($2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[]) as k (subject_id, kind, token, due_at)
     where m.audience_id = $1 and (m.subject_id, m.kind, m.token) = (k.subject_id, k.kind, k.token)
       and m.due_at is distinct from k.due_at`,
    [
      audienceId,
      ...columnsOf(decided),
      decided.map(({ subjectId }) => stamp(dueAt.get(subjectId))),
    ],
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
