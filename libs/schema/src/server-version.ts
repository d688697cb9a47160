import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** Migrations use what this version brought; nothing older is tested. */
const OLDEST = 18;

/**
 * Refuses a server that is older than the schema was written for, before anything is changed in it.
 *
 * @throws KyokaError `config_invalid`, naming both versions
 */
export async function requireServerVersion(db: Queryable): Promise<void> {
  const [row] = await db.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  const major = row?.major ?? 0;
  if (major >= OLDEST) return;
  throw new KyokaError(
    'config_invalid',
    `the database is PostgreSQL ${major}, and Kyoka needs ${OLDEST} or newer`,
    { faults: [{ field: 'DATABASE_URL', expected: `PostgreSQL ${OLDEST} or newer` }] },
  );
}
