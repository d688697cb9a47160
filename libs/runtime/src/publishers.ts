import { movePublishersFromFolder, type ParkedStops } from '@kyoka/intake';
import type { Log } from '@kyoka/logging';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { ProcessParts } from './process-parts.js';

/** Takes over publishers that an earlier version keeps in the key folder. */
export async function takeOverPublishers(
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  { clock, log }: Pick<ProcessParts, 'clock' | 'log'>,
): Promise<void> {
  const count = await movePublishersFromFolder({ pool, vault, clock });
  if (count > 0) log.info('publishers_moved', { count });
}

/** Says that stops wait for a person: an error where they have stopped nothing. */
export const parkedStopsLog =
  (log: Log) =>
  ({ withoutEffect, applied }: ParkedStops): void => {
    if (withoutEffect > 0) log.error('stop_parked', { count: withoutEffect });
    if (applied > 0) log.warn('stop_widened', { count: applied });
  };
