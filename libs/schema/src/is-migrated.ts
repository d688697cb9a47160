import { openPool, queryable } from '@kyoka/postgres';
import { requireRestored } from './restoring.js';

/**
 * Refuses the half restored database at `url`, before its schema is moved on.
 *
 * @throws KyokaError `restore_unfinished`; as `openPool`
 */
export const requireRestoredAt = async (url: string): Promise<void> => {
  await isMigrated(url);
};

/**
 * Whether the database at `url` holds anything of Kyoka's.
 *
 * @throws KyokaError as `openPool`; `restore_unfinished`
 */
export async function isMigrated(url: string): Promise<boolean> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka migrate' });
  try {
    await requireRestored(queryable(pool));
    const [row] = await queryable(pool).query<{ there: boolean }>(
      `select to_regclass('permissions.subject') is not null as there`,
    );
    return row?.there === true;
  } finally {
    await pool.destroy();
  }
}
