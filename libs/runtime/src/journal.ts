import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '@kyoka/config';
import { type Journal, openJournal } from '@kyoka/evidence';
import { catchUpWithJournal, journalPositions, untilJournalIsApplied } from '@kyoka/intake';
import { SECOND } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';
import type { ProcessParts } from './process-parts.js';

/**
 * Brings the database up to the stop journals, then opens this process's own. Before anything is released.
 *
 * @param pool under the role `kyoka_permissions`
 * @param writer name of this process's file in the journal folder
 */
export async function openStopJournal(
  { journalDir: dir }: Settings,
  { pool, writer }: { readonly pool: Pool; readonly writer: string },
  { clock, closing, log }: ProcessParts,
): Promise<Journal> {
  const applied = await catchUpWithJournal({ pool, dir, clock });
  if (applied > 0) log.warn('journal_applied', { count: applied });
  const from = (await journalPositions(queryable(pool))).get(writer) ?? 0;
  const journal = await openJournal({ dir, writer, from });
  closing.add('journal', () => journal.close());
  return journal;
}

/**
 * Keeps a process that releases from beginning on a database that is older than the stop journals: it
 * may not apply them, its role being another; an intake or permissions process that starts does.
 *
 * @param pool under any role
 */
export function awaitStopJournal(
  { journalDir }: Settings,
  pool: Pool,
  { log }: ProcessParts,
): Promise<void> {
  return untilJournalIsApplied(queryable(pool), journalDir, async (behind) => {
    log.warn('journal_behind', { count: behind });
    await sleep(SECOND);
  });
}
