import type { Segment } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { AudienceRow } from '@kyoka/schema';
import type { AddPace } from '../add-pace.js';
import type { AudienceAsk } from '../ports.js';
import { instantOf, stamp } from '../words.js';
import type { RunRefusal } from './schedule-table.js';

/** A list by the network's own id, and the address and account at which it was made. */
interface MadeList {
  readonly ref: string;
  readonly destination: string;
}

/** A segment materialised for one recipient, one purpose and one period of use. Days are `YYYY-MM-DD` in Asia/Tokyo. */
export interface Audience {
  readonly id: string;
  readonly name: string;
  readonly segment: Segment;
  readonly policy: string;
  readonly purpose: string;
  readonly contentOwner: string;
  readonly recipientId: string;
  /** The recipient's network; null where it has none. */
  readonly network: string | null;
  readonly period: { readonly from: string; readonly to: string };
  readonly users: readonly string[];
  readonly owner: string;
  /** Who ran it last: what the clock does with it is done for that user. */
  readonly actingUser: string;
  /** Its list at the network, bound to where it was made. */
  readonly list: MadeList | undefined;
  readonly adds: AddPace;
  readonly endsAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly createdAt: Instant;
  /** How often it runs by itself, as an ISO 8601 duration; `undefined`: only when it is asked to. */
  readonly cadence: string | undefined;
  readonly nextRunAt: Instant | undefined;
  /** Why its last turn was refused, until one is taken. */
  readonly runRefusal: { readonly code: RunRefusal; readonly at: Instant } | undefined;
}

type Row = Omit<AudienceRow, 'segment' | 'period_from' | 'period_to'> & {
  segment: Segment;
  period_from: string;
  period_to: string;
  network: string | null;
};

const COLUMNS = `a.id, a.name, a.segment, a.policy, a.purpose, a.content_owner, a.recipient_id, r.network,
    a.period_from::text, a.period_to::text, a.users, a.owner, a.acting_user, a.list_ref, a.list_destination, a.add_failures, a.add_limit, a.ends_at, a.ended_at, a.created_at,
    a.cadence, a.next_run_at, a.run_refusal, a.run_refused_at, a.terms_due_at`;

const SELECT = `select ${COLUMNS}
  from audiences.audience a join audiences.recipient r on r.id = a.recipient_id`;

const SELECT_ANYWHERE = `select ${COLUMNS}
  from audiences.v_audience a join audiences.v_recipient r on r.id = a.recipient_id`;

const listFrom = (row: Pick<AudienceRow, 'list_ref' | 'list_destination'>): MadeList | undefined =>
  row.list_ref === null || row.list_destination === null
    ? undefined
    : { ref: row.list_ref, destination: row.list_destination };

const paceFrom = (row: Pick<AudienceRow, 'add_failures' | 'add_limit'>): AddPace => ({
  failures: row.add_failures,
  limit: row.add_limit ?? undefined,
});

const audienceFrom = (row: Row): Audience => ({
  id: row.id,
  name: row.name,
  segment: row.segment,
  policy: row.policy,
  purpose: row.purpose,
  contentOwner: row.content_owner,
  recipientId: row.recipient_id,
  network: row.network,
  period: { from: row.period_from, to: row.period_to },
  users: row.users,
  owner: row.owner,
  actingUser: row.acting_user ?? row.owner,
  list: listFrom(row),
  adds: paceFrom(row),
  endsAt: row.ends_at.getTime(),
  endedAt: instantOf(row.ended_at),
  createdAt: row.created_at.getTime(),
  cadence: row.cadence ?? undefined,
  nextRunAt: instantOf(row.next_run_at),
  runRefusal:
    row.run_refusal === null || row.run_refused_at === null
      ? undefined
      : { code: row.run_refusal, at: row.run_refused_at.getTime() },
});

/**
 * An audience, ended or not.
 *
 * @param db under the role of any context
 */
export async function findAudience(db: Queryable, id: string): Promise<Audience | undefined> {
  const [row] = await db.query<Row>(`${SELECT_ANYWHERE} where a.id = $1`, [id]);
  return row && audienceFrom(row);
}

/**
 * Holds the audience against being ended until the transaction ends; `undefined` if it has ended.
 * KEY SHARE, so that only an end waits for it, not what else is written about the audience.
 */
export async function holdAudience(tx: Queryable, id: string): Promise<Audience | undefined> {
  const [row] = await tx.query<Row>(
    `${SELECT} where a.id = $1 and a.ended_at is null for key share of a`,
    [id],
  );
  return row && audienceFrom(row);
}

/** Every audience, ended ones included, the oldest first. */
export async function listAudiences(db: Queryable): Promise<Audience[]> {
  const rows = await db.query<Row>(`${SELECT} order by a.created_at, a.id`);
  return rows.map(audienceFrom);
}

export async function findAudiences(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, Audience>> {
  const rows = await db.query<Row>(`${SELECT} where a.id = any ($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [row.id, audienceFrom(row)]));
}

export type NewAudience = Omit<
  Audience,
  'network' | 'actingUser' | 'list' | 'adds' | 'endedAt' | 'createdAt' | 'runRefusal'
>;

export async function insertAudience(
  db: Queryable,
  audience: NewAudience,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into audiences.audience (id, name, segment, policy, purpose, content_owner, recipient_id,
       period_from, period_to, users, owner, ends_at, created_at, terms_due_at, cadence, next_run_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)`,
    [
      audience.id,
      audience.name,
      JSON.stringify(audience.segment),
      audience.policy,
      audience.purpose,
      audience.contentOwner,
      audience.recipientId,
      audience.period.from,
      audience.period.to,
      [...audience.users],
      audience.owner,
      stamp(audience.endsAt),
      stamp(at),
      audience.cadence ?? null,
      stamp(audience.nextRunAt),
    ],
  );
}

/** Who acts for an audience from now on, and as whom it names them: themselves, or a role of theirs. */
export async function setActingUser(
  tx: Queryable,
  id: string,
  { user, as }: { readonly user: string; readonly as: string },
): Promise<void> {
  await tx.query('update audiences.audience set acting_user = $2, acting_role = $3 where id = $1', [
    id,
    user,
    as === user ? null : as,
  ]);
}

/** Lets one worker make the audience's list at the network; nobody else does before `until`. */
export async function claimList(
  db: Queryable,
  id: string,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const rows = await db.query(
    `update audiences.audience set retry_at = $3
     where id = $1 and list_ref is null and (retry_at is null or retry_at <= $2) returning id`,
    [id, stamp(now), stamp(until)],
  );
  return rows.length > 0;
}

/**
 * Keeps the list of an audience, and ends its claim. The first one stays: what was added to a list
 * that we forget could never be taken out.
 *
 * @returns the list that the audience has
 */
export async function setList(db: Queryable, id: string, list: MadeList): Promise<MadeList> {
  const [row] = await db.query<Pick<AudienceRow, 'list_ref' | 'list_destination'>>(
    `update audiences.audience set list_ref = coalesce(list_ref, $2),
       list_destination = coalesce(list_destination, $3), retry_at = null
     where id = $1 returning list_ref, list_destination`,
    [id, list.ref, list.destination],
  );
  return (row && listFrom(row)) ?? list;
}

/** No add of this audience starts before `at`. */
export async function holdBack(tx: Queryable, id: string, at: Instant): Promise<void> {
  await tx.query('update audiences.audience set retry_at = $2 where id = $1', [id, stamp(at)]);
}

/** Locks how an audience's adds went, against other reports, and tells it. */
export async function lockAddPace(tx: Queryable, id: string): Promise<AddPace> {
  const [row] = await tx.query<Pick<AudienceRow, 'add_failures' | 'add_limit'>>(
    'select add_failures, add_limit from audiences.audience where id = $1 for no key update',
    [id],
  );
  return row ? paceFrom(row) : { failures: 0, limit: undefined };
}

export async function setAddPace(
  tx: Queryable,
  id: string,
  { failures, limit }: AddPace,
): Promise<void> {
  await tx.query('update audiences.audience set add_failures = $2, add_limit = $3 where id = $1', [
    id,
    failures,
    limit ?? null,
  ]);
}

/**
 * Ends an audience unless it has ended. Its members leave in the worker's next rounds.
 *
 * @returns whether it ended now
 */
export async function markEnded(
  db: Queryable,
  id: string,
  by: string,
  at: Instant,
): Promise<boolean> {
  const rows = await db.query(
    `update audiences.audience set ended_at = $3, ended_by = $2
     where id in (select id from audiences.audience where id = $1 and ended_at is null for update) returning id`,
    [id, by, stamp(at)],
  );
  return rows.length > 0;
}

export interface AudienceEnd {
  /** A user, or `period`. */
  readonly endedBy: string;
  readonly endedAt: Instant;
}

export async function endOf(db: Queryable, id: string): Promise<AudienceEnd | undefined> {
  const [row] = await db.query<{ ended_by: string; ended_at: Date }>(
    'select ended_by, ended_at from audiences.audience where id = $1 and ended_at is not null',
    [id],
  );
  return row && { endedBy: row.ended_by, endedAt: row.ended_at.getTime() };
}

/** Ends every audience whose period is over. */
export async function endOverdueAudiences(db: Queryable, now: Instant): Promise<number> {
  const rows = await db.query(
    `update audiences.audience set ended_at = $1, ended_by = 'period'
     where id in (select id from audiences.audience where ended_at is null and ends_at < $1 order by id for update)
     returning id`,
    [stamp(now)],
  );
  return rows.length;
}

/** Ended audiences that may still have members to take out. */
export async function audiencesToEmpty(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from audiences.audience where ended_at is not null and emptied_at is null order by id',
  );
  return rows.map((row) => row.id);
}

export async function markEmptied(tx: Queryable, id: string, at: Instant): Promise<void> {
  await tx.query('update audiences.audience set emptied_at = $2 where id = $1', [id, stamp(at)]);
}

/** Audiences whose terms time alone may have changed by `now`, at most `limit`, each with its due date. */
export async function audiencesWithTermsDue(
  db: Queryable,
  now: Instant,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<{ readonly audience: Audience; readonly dueAt: Instant }[]> {
  const rows = await db.query<Row & { terms_due_at: Date }>(
    `${SELECT} where a.ended_at is null and a.terms_due_at <= $1 and a.id <> all ($3::uuid[])
     order by a.terms_due_at limit $2`,
    [stamp(now), limit, except],
  );
  return rows.map((row) => ({ audience: audienceFrom(row), dueAt: row.terms_due_at.getTime() }));
}

/**
 * Keeps when time alone may next change the terms of an audience; `undefined`: it changes nothing.
 * Another due date than `seen` stays: the terms have changed again meanwhile.
 */
export async function setTermsDue(
  tx: Queryable,
  id: string,
  { seen, next }: { readonly seen: Instant; readonly next: Instant | undefined },
): Promise<void> {
  await tx.query(
    'update audiences.audience set terms_due_at = $3 where id = $1 and terms_due_at = $2',
    [id, stamp(seen), stamp(next)],
  );
}

/** The terms of these audiences may have changed otherwise: those of one recipient, or of all. */
export async function termsChanged(
  db: Queryable,
  at: Instant,
  recipientId?: string,
): Promise<void> {
  await db.query(
    `update audiences.audience set terms_due_at = $1
     where id in (select id from audiences.audience
       where ended_at is null and ($2::text is null or recipient_id = $2) order by id for no key update)`,
    [stamp(at), recipientId ?? null],
  );
}

/** When time alone may next change the terms of an audience, or end one. */
export async function nextAudienceDue(db: Queryable): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select least(
       (select min(terms_due_at) from audiences.audience where ended_at is null),
       (select min(ends_at) + interval '1 millisecond' from audiences.audience where ended_at is null)) as at`,
  );
  return instantOf(row?.at ?? null);
}

/**
 * Audiences with a member that the gate may be asked for now: wanted, or due to be renewed, and no
 * removal of the same contact point is open there.
 */
export async function audiencesToSend(db: Queryable, now: Instant): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select a.id from audiences.audience a
     where a.ended_at is null and (a.retry_at is null or a.retry_at <= $1)
       and (exists (select from audiences.member m where m.audience_id = a.id and m.state = 'wanted'
              and ${NO_OPEN_REMOVAL})
         or exists (select from audiences.member m where m.audience_id = a.id and m.state = 'held'
              and m.renew_at <= $1 and ${NO_OPEN_REMOVAL}))
     order by a.id`,
    [stamp(now)],
  );
  return rows.map((row) => row.id);
}

/** A member `m` whose contact point no open removal of the same audience names. */
export const NO_OPEN_REMOVAL = `not exists (select from audiences.removal r
  where r.audience_id = m.audience_id and r.fold = m.fold and r.state <> 'confirmed')`;

/** The question every use of this audience has to have answered. */
export function askOf(audience: Audience, at: Instant, actor = audience.actingUser): AudienceAsk {
  return {
    policy: audience.policy,
    purpose: audience.purpose,
    channel: 'ads',
    recipient: audience.recipientId,
    contentOwner: audience.contentOwner,
    actor,
    use: { from: audience.period.from, to: audience.period.to, users: audience.users },
    at,
  };
}
