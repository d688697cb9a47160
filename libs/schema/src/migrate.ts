import { toKyokaError } from '@kyoka/postgres';
import type { DataSource } from 'typeorm';
import { advanceOutboxes } from './advance-outboxes.js';
import { dataSourceOf } from './data-source.js';
import { MIGRATIONS } from './migrations/index.js';

// Any fixed number: two migrations of one database wait for each other under this advisory lock.
const MIGRATION_LOCK = 7_301_944;

/**
 * Brings the database at `url` (a login that may create roles and schemas) to the newest schema. Each
 * migration is a transaction: one that fails leaves the database as the one before left it. Safe to
 * call from two processes at once. Each call also moves the numbers of the outboxes on, see
 * {@link advanceOutboxes}.
 *
 * @param migrations oldest first; all by default
 * @returns the names of the migrations that ran
 * @throws DatabaseError, which holds no value; `database_unavailable`, `database_refused`
 */
export async function migrate(url: string, migrations = MIGRATIONS): Promise<string[]> {
  const source = dataSourceOf(url, { migrations });
  try {
    await source.initialize();
    return await alone(source);
  } catch (fault) {
    throw toKyokaError(fault);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

async function alone(source: DataSource): Promise<string[]> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const ran = await source.runMigrations();
    await advanceOutboxes(runner);
    return ran.map((migration) => migration.name);
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}
