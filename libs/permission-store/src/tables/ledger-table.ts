import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { appendBlock } from './block-table.js';

/** One act as the ledger keeps it. `body` holds tokens and names, never a contact value. */
export interface LedgerEntry {
  readonly id: string;
  readonly subjectId: string | null;
  readonly act: string;
  /** When it counts. */
  readonly at: Instant;
  readonly body: Readonly<Record<string, Json | undefined>>;
}

export const LEDGER_CHAIN = 'ledger';

/** What the chain covers of a ledger row: every column but the place in the chain itself. */
export const ledgerContent = (entry: LedgerEntry, arrivedAt: Instant): Json => ({
  id: entry.id,
  subject: entry.subjectId,
  act: entry.act,
  at: entry.at,
  arrivedAt,
  body: entry.body,
});

/** Adds acts to the ledger as one block of its chain. */
export async function appendLedger(
  tx: Queryable,
  entries: readonly LedgerEntry[],
  arrivedAt: Instant,
): Promise<void> {
  if (entries.length === 0) return;
  const contents = entries.map((entry) => ledgerContent(entry, arrivedAt));
  const block = await appendBlock(tx, LEDGER_CHAIN, contents, arrivedAt);
  await tx.query(
    `insert into permissions.ledger (id, chain, block, index, subject_id, act, act_at, arrived_at, body)
     select n.id, $1, $2, n.index, n.subject_id, n.act, n.act_at, $3, n.body
     from unnest($4::uuid[], $5::integer[], $6::uuid[], $7::text[], $8::timestamptz[], $9::jsonb[])
       as n (id, index, subject_id, act, act_at, body)`,
    [
      LEDGER_CHAIN,
      block,
      formatInstant(arrivedAt),
      entries.map((entry) => entry.id),
      entries.map((_, index) => index),
      entries.map((entry) => entry.subjectId),
      entries.map((entry) => entry.act),
      entries.map((entry) => formatInstant(entry.at)),
      entries.map((entry) => JSON.stringify(entry.body)),
    ],
  );
}
