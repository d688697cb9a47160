import type { Settings } from '@kyoka/config';
import { erasureTask } from '@kyoka/erasure';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

/**
 * Carries erasures out as they become due.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function startErasures(
  { backupDir, parkedDays }: Settings,
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  parts: ProcessParts,
): void {
  const onBroken = (_: number, rows: number) =>
    parts.log.error('sealed_broken', { operation: 'reseal', count: rows });
  const task = erasureTask({ pool, vault, backupDir, parkedDays, onBroken });
  keepTime({ name: 'erasures', pool, tasks: [task] }, parts);
}
