import { randomUUID } from 'node:crypto';
import { journalWriters, readJournal, type StopJournalEntry } from '@kyoka/evidence';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable } from '@kyoka/postgres';
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
  if (last < from) {
    throw new KyokaError(
      'journal_behind',
      `the database knows ${from} stops of the journal ${writer}, its file holds ${last}: put the journal folder back from its copy`,
    );
  }
  return applied;
}

async function* readIfThere(dir: string, writer: string): ReturnType<typeof readJournal> {
  if ((await journalWriters(dir)).includes(writer)) yield* readJournal({ dir, writer });
}
