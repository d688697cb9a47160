import type { StopJournalEntry } from '@kyoka/evidence';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { CommitPorts } from './commit.js';
import { recordJournalPosition } from './tables/journal-position-table.js';

/** The end of a publisher's earlier keys, by a revocation or a new key. Why is free text, so it stays in the database. */
export interface JournalledEnd {
  readonly publisherId: string;
  readonly act: 'revoked' | 'rotated';
  /** When keys made before `at` end at latest. */
  readonly endsAt: Instant;
  readonly by: string;
  readonly at: Instant;
}

/**
 * Puts the end of a publisher's keys into the stop journal, synced, before the caller's transaction
 * commits it: a database put back from before it must not take their events again. Nothing but the
 * barrier may be locked after it.
 *
 * @throws KyokaError `database_unavailable` if the journal can't be written
 */
export async function journalKeysEnd(
  tx: Queryable,
  { publisherId, act, endsAt, by, at }: JournalledEnd,
  { journal, journalWriter }: Pick<CommitPorts, 'journal' | 'journalWriter'>,
): Promise<void> {
  const position = await journal.append([
    { publisher: publisherId, act, endsAt: formatInstant(endsAt), by, at: formatInstant(at) },
  ]);
  await recordJournalPosition(tx, journalWriter, position);
}

export const isKeysEnd = (entry: StopJournalEntry): boolean =>
  typeof entry['publisher'] === 'string';

/** Ends keys as the journal says; one that ends earlier stays as it is. */
export async function applyKeysEnds(
  tx: Queryable,
  entries: readonly StopJournalEntry[],
): Promise<void> {
  for (const { publisher, act, endsAt, by, at } of entries) {
    await tx.query(
      `update intake.publisher_key set ends_at = $3
       where publisher_id = $1 and created_at < $2 and ends_at > $3`,
      [publisher, at, endsAt],
    );
    if (act !== 'revoked') continue;
    await tx.query(
      `update intake.publisher set revoked_at = $2, revoked_by = $3,
         revoke_reason = 'revoked again from the stop journal'
       where id = $1 and revoked_at is null`,
      [publisher, at, by],
    );
  }
}
