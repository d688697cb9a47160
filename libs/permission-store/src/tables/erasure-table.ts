import { DAY, formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** A wish to be erased, as it comes in with its stop. */
export interface ErasureWrite {
  /** That of the stop act. */
  readonly id: string;
  readonly subjectId: string | null;
  /** Exact tokens of the contact points named, where no subject is. */
  readonly tokens: readonly Buffer[];
  readonly requestedAt: Instant;
  /** Since when removals may be under way for it; since the wish without it. */
  readonly knownAt?: Instant;
}

/** Removals need the address; after this long the erasure waits for them no longer. */
const REMOVALS_MAY_TAKE = 14 * DAY;

/**
 * Keeps erasures with the subjects that they mean: the one that is named, or whoever has exactly a
 * contact point that is named when the wish arrives. One that is kept already stays as it is.
 */
export async function insertErasures(
  tx: Queryable,
  erasures: readonly ErasureWrite[],
): Promise<void> {
  if (erasures.length === 0) return;
  const wishes = JSON.stringify(
    erasures.map((one) => ({
      id: one.id,
      subject_id: one.subjectId,
      tokens: one.tokens.map((token) => token.toString('hex')),
      requested_at: formatInstant(one.requestedAt),
      latest_at: formatInstant((one.knownAt ?? one.requestedAt) + REMOVALS_MAY_TAKE),
    })),
  );
  const wished = `jsonb_to_recordset($1::jsonb) as w
    (id uuid, subject_id uuid, tokens jsonb, requested_at timestamptz, latest_at timestamptz)`;
  await tx.query(
    `insert into permissions.erasure (id, state, tokens, requested_at, latest_at)
     select w.id, 'waiting', array(select decode(t, 'hex') from jsonb_array_elements_text(w.tokens) t),
       w.requested_at, w.latest_at
     from ${wished} on conflict (id) do nothing`,
    [wishes],
  );
  await tx.query(
    `insert into permissions.erasure_subject (erasure_id, subject_id)
     select w.id, w.subject_id from ${wished} where w.subject_id is not null
     union
     select w.id, c.subject_id from ${wished} cross join jsonb_array_elements_text(w.tokens) t
     join permissions.contact_point c on c.token = decode(t, 'hex')
     on conflict do nothing`,
    [wishes],
  );
}

/**
 * Of these subjects those whose rows an erasure took out, and when they last asked for it. The caller
 * holds their rows' locks, so that none is taken out meanwhile.
 */
export async function erasedSubjects(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<Map<string, Instant>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await tx.query<{ subject_id: string; at: Date }>(
    `select s.subject_id, max(e.requested_at) as at
     from permissions.erasure_subject s join permissions.erasure e on e.id = s.erasure_id
     where s.subject_id = any ($1::uuid[]) and e.state <> 'waiting'
     group by s.subject_id`,
    [subjectIds],
  );
  return new Map(rows.map((row) => [row.subject_id, row.at.getTime()]));
}

/** When each of these subjects was last meant by an erasure, carried out or not. */
export async function subjectsUnderErasure(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<Map<string, Instant>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await tx.query<{ subject_id: string; at: Date }>(
    `select s.subject_id, max(e.requested_at) as at
     from permissions.erasure_subject s join permissions.erasure e on e.id = s.erasure_id
     where s.subject_id = any ($1::uuid[]) group by s.subject_id`,
    [subjectIds],
  );
  return new Map(rows.map((row) => [row.subject_id, row.at.getTime()]));
}

/** When the erasure of each of these contact points alone was last asked for, by its exact token in hex. */
export async function tokensUnderErasure(
  tx: Queryable,
  tokens: readonly Buffer[],
): Promise<Map<string, Instant>> {
  if (tokens.length === 0) return new Map();
  const rows = await tx.query<{ token: Buffer; at: Date }>(
    `select t.token, max(e.requested_at) as at
     from permissions.erasure e cross join unnest(e.tokens) as t (token)
     where e.tokens && $1::bytea[] and t.token = any ($1::bytea[]) group by t.token`,
    [tokens],
  );
  return new Map(rows.map((row) => [row.token.toString('hex'), row.at.getTime()]));
}

/** Of these subjects those whose rows an erasure took out, and of whom nothing has come in since. */
export async function forgottenAmong(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select p.id from permissions.subject p
     where p.category is null
       and p.id in (
         select s.subject_id from permissions.erasure_subject s
         join permissions.erasure e on e.id = s.erasure_id
         where s.subject_id = any ($1::uuid[]) and e.state <> 'waiting')
       and not exists (select from permissions.contact_point c where c.subject_id = p.id)
       and not exists (select from permissions.consent k where k.subject_id = p.id)
       and not exists (select from permissions.order_line l where l.subject_id = p.id)`,
    [subjectIds],
  );
  return new Set(rows.map(({ id }) => id));
}
