import type { StopJournalEntry } from '@kyoka/evidence';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { CommitPorts } from './commit.js';
import { recordJournalPosition } from './tables/journal-position-table.js';

/** A freeze as the journal keeps it: why it was set is free text, so it stays in the database. */
export interface JournalledFreeze {
  readonly id: string;
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly sources: readonly string[];
  readonly role: string;
  readonly setBy: string;
  readonly at: Instant;
}

/**
 * Puts a freeze into the stop journal, synced, before the caller's transaction commits it. Nothing but
 * the barrier may be locked after it.
 *
 * @throws KyokaError `database_unavailable` if the journal can't be written
 */
export async function journalFreeze(
  tx: Queryable,
  { at, ...freeze }: JournalledFreeze,
  { journal, journalWriter }: Pick<CommitPorts, 'journal' | 'journalWriter'>,
): Promise<void> {
  const { id, purposes, channels, recipients, sources, role, setBy } = freeze;
  const position = await journal.append([
    {
      freeze: id,
      purposes: [...purposes],
      channels: [...channels],
      recipients: [...recipients],
      sources: [...sources],
      role,
      setBy,
      at: formatInstant(at),
    },
  ]);
  await recordJournalPosition(tx, journalWriter, position);
}

export const isFreeze = (entry: StopJournalEntry): boolean => typeof entry['freeze'] === 'string';

/** Sets freezes of the journal that the database doesn't know. One that was lifted after that stands again. */
export async function applyFreezes(
  tx: Queryable,
  entries: readonly StopJournalEntry[],
): Promise<void> {
  for (const { freeze, purposes, channels, recipients, sources, role, setBy, at } of entries) {
    await tx.query(
      `insert into permissions.freeze
         (id, purposes, channels, recipients, sources, set_by_role, set_by, reason, at)
       values ($1, $2, $3, $4, $5, $6, $7, 'set again from the stop journal', $8)
       on conflict (id) do nothing`,
      [freeze, purposes, channels, recipients, sources, role, setBy, at],
    );
  }
}
