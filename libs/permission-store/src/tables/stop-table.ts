import { formatInstant } from '@kyoka/kernel';
import {
  latestPer,
  type LiftRegister,
  liftKey,
  stopKey,
  type StopRegister,
} from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';

/**
 * Where a stop or lift counts from: a subject, or a folded contact point of somebody unknown. With `of`
 * it is one that only the stop journal says that subject has: a register of its own, which goes once the
 * database knows of it, see `settleJournalStops`.
 */
export type StopOrigin =
  | { readonly subjectId: string; readonly fold?: never }
  | { readonly fold: Buffer; readonly of?: string; readonly subjectId?: never };

interface Located {
  readonly origin: StopOrigin;
  /** The ledger entry that holds the act. */
  readonly entry: string;
}

export type StopWrite = StopRegister & Located;
export type LiftWrite = LiftRegister & Located;

const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

function originBytes(origin: StopOrigin): Buffer {
  if (origin.fold === undefined) return uuidBytes(origin.subjectId);
  return origin.of === undefined ? origin.fold : Buffer.concat([uuidBytes(origin.of), origin.fold]);
}

const originText = (origin: StopOrigin): string => originBytes(origin).toString('hex');

/** Raises stop registers to later acts; earlier ones change nothing. */
export async function raiseStops(tx: Queryable, writes: readonly StopWrite[]): Promise<void> {
  await raise(
    tx,
    'permissions.stop',
    latestPer(writes, (write) => `${originText(write.origin)}:${stopKey(write)}`),
  );
}

/**
 * Places the own stops of erased subjects at contact points that they turn out to have had, as if the
 * rows of these had gone with the others. A stop that has ended is placed, too, with its moment: whatever
 * ended it for somebody who has the contact point still does, and for others it never did.
 */
export async function carryStops(
  tx: Queryable,
  carried: readonly { readonly subjectId: string; readonly fold: Buffer }[],
): Promise<void> {
  if (carried.length === 0) return;
  await tx.query(
    `insert into permissions.stop as t
       (origin, subject_id, fold, kind, purpose, channel, at, evidence_id, actor, entry)
     select distinct on (n.fold, s.kind, s.purpose, s.channel)
       n.fold, null::uuid, n.fold, s.kind, s.purpose, s.channel, s.at, s.evidence_id, s.actor, s.entry
     from unnest($1::uuid[], $2::bytea[]) as n (subject_id, fold)
     join permissions.stop s on s.subject_id = n.subject_id
       and s.kind in ('objection', 'complaint', 'suspension', 'erasure')
     order by n.fold, s.kind, s.purpose, s.channel, s.at desc, s.evidence_id collate "C" desc
     on conflict (origin, kind, purpose, channel) do update set
       at = excluded.at, evidence_id = excluded.evidence_id, actor = excluded.actor, entry = excluded.entry
     where (excluded.at, excluded.evidence_id collate "C", excluded.actor collate "C")
       > (t.at, t.evidence_id collate "C", t.actor collate "C")`,
    [carried.map(({ subjectId }) => subjectId), carried.map(({ fold }) => fold)],
  );
}

/** Lets go of what only the stop journal told, now that these subjects have these contact points here. */
export async function settleJournalStops(
  tx: Queryable,
  contacts: readonly { readonly subjectId: string; readonly fold: Buffer }[],
): Promise<void> {
  if (contacts.length === 0) return;
  await tx.query('select permissions.settle_journal_stops($1::uuid[], $2::bytea[])', [
    contacts.map(({ subjectId }) => subjectId),
    contacts.map(({ fold }) => fold),
  ]);
}

/** Raises the registers of what ends stops. */
export async function raiseLifts(tx: Queryable, writes: readonly LiftWrite[]): Promise<void> {
  await raise(
    tx,
    'permissions.lift',
    latestPer(writes, (write) => `${originText(write.origin)}:${liftKey(write)}`),
  );
}

async function raise(
  tx: Queryable,
  table: 'permissions.stop' | 'permissions.lift',
  latest: readonly ((StopRegister | LiftRegister) & Located)[],
): Promise<void> {
  if (latest.length === 0) return;
  await tx.query(
    `insert into ${table} as t
       (origin, subject_id, fold, kind, purpose, channel, at, evidence_id, actor, entry)
     select * from unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::text[],
       $7::timestamptz[], $8::text[], $9::text[], $10::uuid[])
     order by 1, 4, 5, 6
     on conflict (origin, kind, purpose, channel) do update set
       at = excluded.at, evidence_id = excluded.evidence_id, actor = excluded.actor, entry = excluded.entry
     where (excluded.at, excluded.evidence_id collate "C", excluded.actor collate "C")
       > (t.at, t.evidence_id collate "C", t.actor collate "C")`,
    [
      latest.map((write) => originBytes(write.origin)),
      latest.map((write) => write.origin.subjectId ?? null),
      latest.map((write) => write.origin.fold ?? null),
      latest.map((write) => write.kind),
      latest.map((write) => write.purpose),
      latest.map((write) => write.channel),
      latest.map((write) => formatInstant(write.at)),
      latest.map((write) => write.evidenceId),
      latest.map((write) => write.actor),
      latest.map((write) => write.entry),
    ],
  );
}
