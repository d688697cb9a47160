import { DataSource, type MigrationInterface } from 'typeorm';
import { Permissions1764100000000 } from './migrations/1764100000000-permissions.js';
import { Audiences1764200000000 } from './migrations/1764200000000-audiences.js';

/** Every migration, oldest first. Forward only: a landed one is never edited. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  Permissions1764100000000,
  Audiences1764200000000,
];

// Any fixed number: two migrations of one database wait for each other under this advisory lock.
const MIGRATION_LOCK = 7_301_944;

/**
 * Brings the database at `url` (a login that may create roles and schemas) to the newest schema.
 * Safe to call from two processes at once.
 *
 * @returns the names of the migrations that ran
 */
export async function migrate(url: string): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'kyoka_migration',
    migrationsTransactionMode: 'each',
    logging: false,
    extra: { max: 2 },
  });
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
