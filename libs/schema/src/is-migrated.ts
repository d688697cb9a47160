import { openPool, queryable } from '@kyoka/postgres';
import { requireRestored } from './restoring.js';
import { requireServerVersion } from './server-version.js';

/**
 * Refuses the half restored database at `url`, and a server that is too old, before its schema is moved on.
 *
 * @throws KyokaError `restore_unfinished`; `config_invalid`; as `openPool`
 */
export const requireRestoredAt = async (url: string): Promise<void> => {
  await isMigrated(url);
};

/**
 * Whether the database at `url` holds anything of Kyoka's.
 *
 * @throws KyokaError as `openPool`; `restore_unfinished`; `config_invalid` for a server that is too old
 */
export async function isMigrated(url: string): Promise<boolean> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka migrate' });
  try {
    await requireServerVersion(queryable(pool));
    await requireRestored(queryable(pool));
    const [row] = await queryable(pool).query<{ there: boolean }>(
      `select to_regclass('permissions.subject') is not null as there`,
    );
    return row?.there === true;
  } finally {
    await pool.destroy();
  }
}
