import { randomUUID } from 'node:crypto';
import { journalWriters, readJournal, type StopJournalEntry } from '@kyoka/evidence';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { applyJournal } from './apply-journal.js';
import { journalPositions, recordJournalPosition } from './tables/journal-position-table.js';

export interface CatchUpPorts {
  /** A pool of the role `kyoka_permissions`. */
  readonly pool: Pool;
  /** The journal folder (`KYOKA_JOURNAL_DIR`). */
  readonly dir: string;
  readonly clock: Clock;
  readonly newId?: () => string;
}

const BATCH = 500;

/**
 * Brings a database up to the stop journals of every process: one restored from an older backup, or
 * one that lost a transaction after its stops had been synced, learns them here. Has to be done
 * before the first release, and may be done again.
 *
 * @returns how many stops were applied
 * @throws KyokaError `journal_behind` if the database knows more of a journal than its file holds:
 *   the file was lost or put back, and stops could be lost with it
 */
export async function catchUpWithJournal(ports: CatchUpPorts): Promise<number> {
  const { pool, dir } = ports;
  const known = await journalPositions(queryable(pool));
  const writers = new Set([...(await journalWriters(dir)), ...known.keys()]);
  let applied = 0;
  for (const writer of [...writers].sort()) {
    applied += await catchUpWithOne(writer, known.get(writer) ?? 0, ports);
  }
  return applied;
}

async function catchUpWithOne(
  writer: string,
  from: number,
  { pool, dir, clock, newId = randomUUID }: CatchUpPorts,
): Promise<number> {
  let last = 0;
  let batch: StopJournalEntry[] = [];
  const flush = async (): Promise<void> => {
    const entries = batch;
    batch = [];
    if (entries.length === 0) return;
    await inTransaction(pool, async (tx) => {
      await recordJournalPosition(tx, writer, last);
      await applyJournal(tx, entries, { newId, clock });
    });
  };
  let applied = 0;
  for await (const { position, entry } of readIfThere(dir, writer)) {
    last = position;
    if (position <= from) continue;
    batch.push(entry);
    applied += 1;
    if (batch.length === BATCH) await flush();
  }
  await flush();
  requireWhole(writer, { known: from, last });
  return applied;
}

/**
 * Waits until what the stop journals hold now is applied, by whoever may do that.
 *
 * @param db under the role of any context
 * @param pause waits between two looks; told how many stops lack
 * @throws KyokaError `journal_behind` as {@link catchUpWithJournal}
 */
export async function untilJournalIsApplied(
  db: Queryable,
  dir: string,
  pause: (behind: number) => Promise<void>,
): Promise<void> {
  const known = await journalPositions(db);
  const wanted = new Map<string, number>();
  for (const writer of new Set([...(await journalWriters(dir)), ...known.keys()])) {
    const last = await lastPosition(dir, writer);
    requireWhole(writer, { known: known.get(writer) ?? 0, last });
    wanted.set(writer, last);
  }
  for (let now = known; ; now = await journalPositions(db)) {
    const lacking = [...wanted].map(([writer, last]) => Math.max(0, last - (now.get(writer) ?? 0)));
    const behind = lacking.reduce((sum, one) => sum + one, 0);
    if (behind === 0) return;
    await pause(behind);
  }
}

async function lastPosition(dir: string, writer: string): Promise<number> {
  let last = 0;
  for await (const { position } of readIfThere(dir, writer)) last = position;
  return last;
}

function requireWhole(writer: string, { known, last }: { known: number; last: number }): void {
  if (last >= known) return;
  throw new KyokaError(
    'journal_behind',
    `the database knows ${known} stops of the journal ${writer}, its file holds ${last}: put the journal folder back from its copy`,
  );
}

async function* readIfThere(dir: string, writer: string): ReturnType<typeof readJournal> {
  if ((await journalWriters(dir)).includes(writer)) yield* readJournal({ dir, writer });
}
