import { type FieldFault, formatInstant, type Instant } from '@kyoka/kernel';
import type { ParkReason } from '@kyoka/contracts';
import type { Queryable } from '@kyoka/postgres';

/** A parked original: sealed, with what a person needs to judge it. Holds no value that somebody sent. */
export interface ParkedWrite {
  readonly id: string;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly type: string | null;
  /** Whether it may stop something. */
  readonly stop: boolean;
  /** The publisher whose key it names, rightly or not. */
  readonly publisherId: string | null;
  readonly reason: ParkReason;
  readonly faults: readonly FieldFault[];
  readonly place: string;
  /** Whether it stopped something all the same, at its widest readable scope. */
  readonly applied: boolean;
  readonly arrivedAt: Instant;
  /** The day (Asia/Tokyo) whose key seals it. */
  readonly day: string;
  readonly sealed: Buffer;
}

/**
 * Parks originals; one that is parked already, or comes twice in a batch, keeps its first arrival. One
 * whose term is over comes back as new: what it was sealed under is gone, so nothing of its first
 * arrival can be kept.
 */
export async function insertParked(tx: Queryable, parked: readonly ParkedWrite[]): Promise<void> {
  if (parked.length === 0) return;
  await tx.query(
    `insert into intake.parked
       (id, ce_source, ce_id, type, reason, faults, place, applied, day, sealed, arrived_at, stop, publisher_id)
     select distinct on (n.id)
       n.id, n.source, n.event_id, n.type, n.reason, n.faults, n.place, n.applied, n.day, n.sealed, n.arrived_at,
       n.stop, n.publisher_id
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::boolean[],
       $9::date[], $10::bytea[], $11::timestamptz[], $12::boolean[], $13::uuid[])
       as n (id, source, event_id, type, reason, faults, place, applied, day, sealed, arrived_at, stop, publisher_id)
     order by n.id, n.arrived_at
     on conflict (id) do update set state = 'parked', sealed = excluded.sealed, day = excluded.day,
       arrived_at = excluded.arrived_at, faults = excluded.faults, place = excluded.place, applied = excluded.applied,
       dismissed_at = null, dismissed_by = null, dismiss_reason = null
     where parked.state = 'expired'`,
    [
      parked.map((one) => one.id),
      parked.map((one) => one.source),
      parked.map((one) => one.eventId),
      parked.map((one) => one.type),
      parked.map((one) => one.reason),
      parked.map((one) => JSON.stringify(one.faults)),
      parked.map((one) => one.place),
      parked.map((one) => one.applied),
      parked.map((one) => one.day),
      parked.map((one) => one.sealed),
      parked.map((one) => formatInstant(one.arrivedAt)),
      parked.map((one) => one.stop),
      parked.map((one) => one.publisherId),
    ],
  );
}

export interface ParkedRow {
  readonly id: string;
  readonly reason: ParkReason;
  readonly place: string;
  readonly sealed: Buffer;
  readonly arrivedAt: Instant;
}

/** Which parked originals are meant; each member narrows, and with none of them all that wait are. */
export interface ParkedFilter {
  /** These, also where they were dismissed. */
  readonly ids?: readonly string[] | undefined;
  readonly reason?: ParkReason | undefined;
  /** Id of the publisher whose key they name, rightly or not. */
  readonly publisher?: string | undefined;
  /** Those after this one, in the order of their arrival. */
  readonly after?: string | undefined;
}

/** Condition over `intake.parked p` and its first four parameters. */
const meant = ({ ids }: ParkedFilter): string =>
  `${ids === undefined ? `$1::uuid[] is null and p.state = 'parked'` : `p.id = any ($1) and p.state in ('parked', 'dismissed')`}
     and ($2::text is null or p.reason = $2)
     and ($3::uuid is null or p.publisher_id = $3)
     and ($4::uuid is null or (p.arrived_at, p.id) > (select arrived_at, id from intake.parked where id = $4))`;

const parametersOf = ({ ids, reason, publisher, after }: ParkedFilter) => [
  ids ?? null,
  reason ?? null,
  publisher ?? null,
  after ?? null,
];

/** Ids of parked originals, oldest first. */
export async function waitingParked(
  tx: Queryable,
  { limit, ...filter }: ParkedFilter & { readonly limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select p.id from intake.parked p where ${meant(filter)} order by p.arrived_at, p.id limit $5`,
    [...parametersOf(filter), limit],
  );
  return rows.map((row) => row.id);
}

/** A parked original as a person sees it. */
export interface ParkedShown {
  readonly id: string;
  readonly type: string | null;
  readonly reason: ParkReason;
  readonly faults: readonly FieldFault[];
  readonly place: string;
  /** Whether it may stop something. */
  readonly stop: boolean;
  readonly applied: boolean;
  readonly publisherId: string | null;
  readonly arrivedAt: Instant;
}

/** Parked originals that wait, oldest first. */
export async function showParked(
  db: Queryable,
  { limit, ...filter }: ParkedFilter & { readonly limit: number },
): Promise<ParkedShown[]> {
  const rows = await db.query<
    Omit<ParkedShown, 'publisherId' | 'arrivedAt'> & { publisher_id: string | null; at: Date }
  >(
    `select p.id, p.type, p.reason, p.faults, p.place, p.stop, p.applied, p.publisher_id, p.arrived_at as at
     from intake.parked p where ${meant(filter)} order by p.arrived_at, p.id limit $5`,
    [...parametersOf(filter), limit],
  );
  return rows.map(({ publisher_id: publisherId, at, ...row }) => ({
    ...row,
    publisherId,
    arrivedAt: at.getTime(),
  }));
}

/** Of these ids, the originals whose term is over. */
export async function expiredAmong(tx: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from intake.parked where id = any ($1::uuid[]) and state = 'expired' order by id`,
    [ids],
  );
  return rows.map((row) => row.id);
}

/** Marks what waits, or was dismissed, and was parked before a day (Asia/Tokyo) as expired. @returns how many waited */
export async function markExpired(tx: Queryable, day: string): Promise<number> {
  const [counted] = await tx.query<{ waited: number }>(
    `with ended as (
       select id, state from intake.parked
       where day < $1::date and state in ('parked', 'dismissed') order by id for update
     ), marked as (
       update intake.parked p set state = 'expired' from ended where p.id = ended.id
     )
     select count(*) filter (where state = 'parked')::integer as waited from ended`,
    [day],
  );
  return counted?.waited ?? 0;
}

/** One parked original, locked for what a person does with it; `undefined` if it was replayed or its term is over, or another has it. */
export async function lockParked(tx: Queryable, id: string): Promise<ParkedRow | undefined> {
  const [row] = await tx.query<{
    id: string;
    reason: ParkReason;
    place: string;
    sealed: Buffer;
    arrived_at: Date;
  }>(
    `select id, reason, place, sealed, arrived_at from intake.parked
     where id = $1 and state in ('parked', 'dismissed') for update skip locked`,
    [id],
  );
  return (
    row && {
      id: row.id,
      reason: row.reason,
      place: row.place,
      sealed: row.sealed,
      arrivedAt: row.arrived_at.getTime(),
    }
  );
}

export async function markReplayed(
  tx: Queryable,
  id: string,
  by: { readonly actor: string; readonly at: Instant; readonly outcome: string },
): Promise<void> {
  await tx.query(
    `update intake.parked set state = 'replayed', replayed_at = $2, replayed_by = $3, replay_outcome = $4 where id = $1`,
    [id, formatInstant(by.at), by.actor, by.outcome],
  );
}

/** Closes a parked original that waits. The sealed original stays until its term. @returns whether it waited */
export async function markDismissed(
  tx: Queryable,
  id: string,
  by: { readonly actor: string; readonly at: Instant; readonly reason: string },
): Promise<boolean> {
  const rows = await tx.query(
    `update intake.parked set state = 'dismissed', dismissed_at = $2, dismissed_by = $3, dismiss_reason = $4
     where id = $1 and state = 'parked' returning id`,
    [id, formatInstant(by.at), by.actor, by.reason],
  );
  return rows.length > 0;
}

/** How many wait, by reason; of the stops among them, how many have had no effect. */
export async function countParked(
  tx: Queryable,
): Promise<{ reason: ParkReason; count: number; applied: number; stops: number }[]> {
  return tx.query(
    `select reason, count(*)::integer as count, (count(*) filter (where applied))::integer as applied,
       (count(*) filter (where stop and not applied))::integer as stops
     from intake.parked where state = 'parked' group by reason order by reason`,
  );
}

/** How many stops wait, by reason: read from an index that holds nothing else. */
export async function countParkedStops(
  tx: Queryable,
): Promise<{ reason: ParkReason; count: number; applied: number }[]> {
  return tx.query(
    `select reason, count(*)::integer as count, (count(*) filter (where applied))::integer as applied
     from intake.parked where state = 'parked' and stop group by reason order by reason`,
  );
}
