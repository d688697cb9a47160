import { findUnreadable, letGo } from '@kyoka/erasure';
import type { Settings } from '@kyoka/config';
import type { Clock } from '@kyoka/kernel';
import { requireVault } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { openVault } from '@kyoka/vault';
import { withDatabase } from '../control/own-database.js';
import { ANSWERED } from '../lines/surroundings.js';

/**
 * `kyoka unreadable`: contact points whose key isn't here, which hold up every erasure in their buckets.
 * With `letGo` their values are given up.
 *
 * @throws KyokaError `key_missing` under the keys of another system, for which every value would be lost
 */
export async function unreadableCommand(
  settings: Settings,
  options: { readonly letGo?: boolean },
  clock: Clock,
  write: (line: string) => void,
): Promise<number> {
  const { keyDir, dataDir, kek, backupDir } = settings;
  const vault = await openVault({ keyDir, dataDir, kek });
  const report = await withDatabase(settings, async (url) => {
    const pool = await openPool(url, {
      role: 'kyoka_permissions',
      max: 2,
      applicationName: 'kyoka unreadable',
      statementTimeoutMs: 0,
    });
    try {
      await requireVault(queryable(pool), vault.id);
      const context = { pool, vault, backupDir };
      const found = await findUnreadable(context);
      return { ...found, letGo: options.letGo ? await letGo(context, clock()) : 0 };
    } finally {
      await pool.destroy();
    }
  });
  write(JSON.stringify(report));
  return ANSWERED;
}
