import { type FieldFault, formatInstant, type Instant } from '@kyoka/kernel';
import type { ParkReason } from '@kyoka/contracts';
import type { Queryable } from '@kyoka/postgres';

/** A parked original: sealed, with what a person needs to judge it. Holds no value that somebody sent. */
export interface ParkedWrite {
  readonly id: string;
  readonly source: string | null;
  readonly eventId: string | null;
  readonly type: string | null;
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

/** Parks originals; one that is parked already keeps its first arrival. */
export async function insertParked(tx: Queryable, parked: readonly ParkedWrite[]): Promise<void> {
  if (parked.length === 0) return;
  await tx.query(
    `insert into intake.parked
       (id, ce_source, ce_id, type, reason, faults, place, applied, day, sealed, arrived_at)
     select n.id, n.source, n.event_id, n.type, n.reason, n.faults, n.place, n.applied, n.day, n.sealed, n.arrived_at
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::boolean[],
       $9::date[], $10::bytea[], $11::timestamptz[])
       as n (id, source, event_id, type, reason, faults, place, applied, day, sealed, arrived_at)
     order by n.id
     on conflict (id) do nothing`,
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

/** Ids of parked originals that wait, oldest first. */
export async function waitingParked(
  tx: Queryable,
  wanted: {
    readonly ids?: readonly string[] | undefined;
    readonly reason?: ParkReason | undefined;
    readonly limit: number;
  },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from intake.parked
     where state = 'parked' and ($1::uuid[] is null or id = any ($1)) and ($2::text is null or reason = $2)
     order by arrived_at, id limit $3`,
    [wanted.ids ?? null, wanted.reason ?? null, wanted.limit],
  );
  return rows.map((row) => row.id);
}

/** Of these ids, the originals whose term is over. */
export async function expiredAmong(tx: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from intake.parked where id = any ($1::uuid[]) and state = 'expired' order by id`,
    [ids],
  );
  return rows.map((row) => row.id);
}

/** Marks what waits and was parked before a day (Asia/Tokyo) as expired. @returns how many */
export async function markExpired(tx: Queryable, day: string): Promise<number> {
  const rows = await tx.query(
    `update intake.parked set state = 'expired' where day < $1::date and state = 'parked' returning id`,
    [day],
  );
  return rows.length;
}

/** One parked original, locked for its replay; `undefined` if it waits no longer or another replays it. */
export async function lockParked(tx: Queryable, id: string): Promise<ParkedRow | undefined> {
  const [row] = await tx.query<{
    id: string;
    reason: ParkReason;
    place: string;
    sealed: Buffer;
    arrived_at: Date;
  }>(
    `select id, reason, place, sealed, arrived_at from intake.parked
     where id = $1 and state = 'parked' for update skip locked`,
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

/** How many wait, by reason. */
export async function countParked(
  tx: Queryable,
): Promise<{ reason: ParkReason; count: number; applied: number }[]> {
  return tx.query(
    `select reason, count(*)::integer as count, (count(*) filter (where applied))::integer as applied
     from intake.parked where state = 'parked' group by reason order by reason`,
  );
}
