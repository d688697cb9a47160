import { dataSourceOf } from './data-source.js';
import { MIGRATIONS } from './migrations/index.js';

// Any fixed number: two migrations of one database wait for each other under this advisory lock.
const MIGRATION_LOCK = 7_301_944;

/**
 * Brings the database at `url` (a login that may create roles and schemas) to the newest schema. Each
 * migration is a transaction: one that fails leaves the database as the one before left it. Safe to
 * call from two processes at once.
 *
 * @param migrations oldest first; all by default
 * @returns the names of the migrations that ran
 */
export async function migrate(url: string, migrations = MIGRATIONS): Promise<string[]> {
  const source = dataSourceOf(url, { migrations });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await source.runMigrations();
    return ran.map((migration) => migration.name);
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
    await source.destroy();
  }
}
