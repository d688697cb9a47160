import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

export interface InboxEntry {
  readonly source: string;
  readonly id: string;
  readonly digest: Buffer;
  readonly outcome: 'accepted' | 'parked';
  readonly arrivedAt: Instant;
}

/** What came before under the same source and id. */
export interface Earlier {
  readonly digest: Buffer;
  readonly outcome: string;
  readonly arrivedAt: Instant;
}

export const inboxKey = (entry: { source: string; id: string }): string =>
  `${entry.source}\u0000${entry.id}`;

/**
 * Enters events that come for the first time, locking their keys in sorted order until the
 * transaction ends; whoever brings the same event meanwhile waits for it.
 *
 * @returns for each event that came before, by `source\0id`, what it was
 */
export async function enterInbox(
  tx: Queryable,
  entries: readonly InboxEntry[],
): Promise<Map<string, Earlier>> {
  if (entries.length === 0) return new Map();
  const sources = entries.map((entry) => entry.source);
  const ids = entries.map((entry) => entry.id);
  const entered = await tx.query<{ ce_source: string; ce_id: string }>(
    `insert into intake.event (ce_source, ce_id, digest, outcome, arrived_at)
     select n.source, n.id, n.digest, n.outcome, n.arrived_at
     from unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])
       as n (source, id, digest, outcome, arrived_at)
     order by n.source, n.id
     on conflict (ce_source, ce_id) do nothing
     returning ce_source, ce_id`,
    [
      sources,
      ids,
      entries.map((e) => e.digest),
      entries.map((e) => e.outcome),
      entries.map((e) => formatInstant(e.arrivedAt)),
    ],
  );
  if (entered.length === entries.length) return new Map();
  const isNew = new Set(entered.map((row) => inboxKey({ source: row.ce_source, id: row.ce_id })));
  return takenBefore(
    tx,
    entries.filter((entry) => !isNew.has(inboxKey(entry))),
  );
}

/** What the inbox holds under these keys, by `source\0id`. */
export async function takenBefore(
  tx: Queryable,
  keys: readonly { readonly source: string; readonly id: string }[],
): Promise<Map<string, Earlier>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.query<{
    ce_source: string;
    ce_id: string;
    digest: Buffer;
    outcome: string;
    arrived_at: Date;
  }>(
    `select ce_source, ce_id, digest, outcome, arrived_at from intake.event
     where (ce_source, ce_id) in (select * from unnest($1::text[], $2::text[]))`,
    [keys.map(({ source }) => source), keys.map(({ id }) => id)],
  );
  return new Map(
    rows.map((row) => [
      inboxKey({ source: row.ce_source, id: row.ce_id }),
      { digest: row.digest, outcome: row.outcome, arrivedAt: row.arrived_at.getTime() },
    ]),
  );
}

/** After a replay: the event that was parked under this key has been accepted. Its arrival stays. */
export async function markAccepted(
  tx: Queryable,
  key: { source: string; id: string },
  digest: Buffer,
): Promise<void> {
  await tx.query(
    `update intake.event set outcome = 'accepted', digest = $3
     where ce_source = $1 and ce_id = $2 and outcome = 'parked'`,
    [key.source, key.id, digest],
  );
}
