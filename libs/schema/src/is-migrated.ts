import { openPool, queryable } from '@kyoka/postgres';

/**
 * Whether the database at `url` holds anything of Kyoka's.
 *
 * @throws KyokaError as `openPool`
 */
export async function isMigrated(url: string): Promise<boolean> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka migrate' });
  try {
    const [row] = await queryable(pool).query<{ there: boolean }>(
      `select to_regclass('permissions.subject') is not null as there`,
    );
    return row?.there === true;
  } finally {
    await pool.destroy();
  }
}
