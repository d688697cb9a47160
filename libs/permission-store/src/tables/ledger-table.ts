import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { appendBlock, lockHead } from './block-table.js';

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

/**
 * Takes the end of the ledger until the transaction ends. Transactions that change permissions pass
 * here one after the other, so whoever holds it sees every change that committed before, and what it
 * tells of a person is numbered after what they told.
 */
export async function takeLedger(tx: Queryable): Promise<void> {
  await lockHead(tx, LEDGER_CHAIN);
}

/**
 * Adds acts to the ledger as one block of its chain; one that it holds already is not added again.
 *
 * @param enteredAt when the ledger comes to know of them, which the block says; their arrival may lie
 *   far before it
 */
export async function appendLedger(
  tx: Queryable,
  given: readonly LedgerEntry[],
  arrivedAt: Instant,
  enteredAt: Instant = arrivedAt,
): Promise<void> {
  if (given.length === 0) return;
  await takeLedger(tx);
  const entries = await notYetIn(tx, given);
  if (entries.length === 0) return;
  const contents = entries.map((entry) => ledgerContent(entry, arrivedAt));
  const block = await appendBlock(tx, LEDGER_CHAIN, contents, enteredAt);
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

/** An event that has no place in the inbox (a stop without an id, an id used again) may come twice. */
async function notYetIn(
  tx: Queryable,
  entries: readonly LedgerEntry[],
): Promise<readonly LedgerEntry[]> {
  const rows = await tx.query<{ id: string }>(
    'select id from permissions.ledger where id = any ($1::uuid[])',
    [entries.map((entry) => entry.id)],
  );
  const known = new Set(rows.map((row) => row.id));
  return entries.filter((entry) => {
    if (known.has(entry.id)) return false;
    known.add(entry.id);
    return true;
  });
}
