import { access, constants, mkdir } from 'node:fs/promises';
import type { Settings } from '@kyoka/config';
import { erasureTask } from '@kyoka/erasure';
import { KyokaError, MINUTE } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

/** A bucket of many people is sealed again in one batch. */
const BATCH_MS = 10 * MINUTE;

/**
 * Carries erasures out as they become due.
 *
 * @param pool under the role `kyoka_permissions`
 * @throws KyokaError `config_invalid` if the folder of backups can't be written, without which no erasure ends
 */
export async function startErasures(
  { backupDir, parkedDays }: Settings,
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  parts: ProcessParts,
): Promise<void> {
  await requireWritable(backupDir);
  const onBroken = (_: number, rows: number) =>
    parts.log.error('sealed_broken', { operation: 'reseal', count: rows });
  const task = erasureTask({ pool, vault, backupDir, parkedDays, onBroken });
  keepTime({ name: 'erasures', pool, tasks: [task], batchMs: BATCH_MS }, parts);
}

/** Rows that are sealed again are kept there before an old key goes. */
export async function requireWritable(backupDir: string): Promise<void> {
  try {
    await mkdir(backupDir, { recursive: true, mode: 0o700 });
    await access(backupDir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KyokaError('config_invalid', 'the folder of the backups cannot be written', {
      cause,
      faults: [{ field: 'KYOKA_BACKUP_DIR', expected: 'a folder that this process may write' }],
    });
  }
}
