import type { Segment } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { AudienceRow } from '@kyoka/schema';
import type { AddPace } from '../add-pace.js';
import type { AudienceAsk } from '../ports.js';
import { instantOf, stamp } from '../words.js';
import type { RunRefusal } from './schedule-table.js';

/** A list by the network's own id, and the address and account at which it was made. */
export interface MadeList {
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

export type Row = Omit<AudienceRow, 'segment' | 'period_from' | 'period_to'> & {
  segment: Segment;
  period_from: string;
  period_to: string;
  network: string | null;
};

const COLUMNS = `a.id, a.name, a.segment, a.policy, a.purpose, a.content_owner, a.recipient_id, r.network,
    a.period_from::text, a.period_to::text, a.users, a.owner, a.acting_user, a.list_ref, a.list_destination, a.add_failures, a.add_limit, a.ends_at, a.ended_at, a.created_at,
    a.cadence, a.next_run_at, a.run_refusal, a.run_refused_at, a.terms_due_at`;

export const SELECT = `select ${COLUMNS}
  from audiences.audience a join audiences.recipient r on r.id = a.recipient_id`;

const SELECT_ANYWHERE = `select ${COLUMNS}
  from audiences.v_audience a join audiences.v_recipient r on r.id = a.recipient_id`;

export const listFrom = (
  row: Pick<AudienceRow, 'list_ref' | 'list_destination'>,
): MadeList | undefined =>
  row.list_ref === null || row.list_destination === null
    ? undefined
    : { ref: row.list_ref, destination: row.list_destination };

export const paceFrom = (row: Pick<AudienceRow, 'add_failures' | 'add_limit'>): AddPace => ({
  failures: row.add_failures,
  limit: row.add_limit ?? undefined,
});

export const audienceFrom = (row: Row): Audience => ({
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
