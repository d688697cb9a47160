import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { MIGRATIONS } from './migrations/index.js';
import { requireRestored } from './restoring.js';

/** How the schema of a database stands to the one that this version knows, by the names of migrations. */
interface SchemaDifference {
  /** Migrations of this version that the database lacks, oldest first. */
  readonly missing: readonly string[];
  /** Migrations of the database that this version doesn't know, oldest first. */
  readonly unknown: readonly string[];
}

const KNOWN: readonly string[] = MIGRATIONS.map((migration) => new migration().name ?? '');

/** @param db under any role of a context, or the owner */
async function schemaDifference(db: Queryable): Promise<SchemaDifference> {
  const [table] = await db.query<{ there: boolean }>(
    `select to_regclass('public.kyoka_migration') is not null as there`,
  );
  if (table?.there !== true) return { missing: KNOWN, unknown: [] };
  const rows = await db.query<{ name: string }>(
    'select name from public.kyoka_migration order by timestamp, id',
  );
  const there = new Set(rows.map(({ name }) => name));
  return {
    missing: KNOWN.filter((name) => !there.has(name)),
    unknown: [...there].filter((name) => !KNOWN.includes(name)),
  };
}

/**
 * Refuses a database whose schema isn't the one that this version was written for: an older one lacks
 * what it reads, and nobody knows what a newer one asks of it.
 *
 * @throws KyokaError `restore_unfinished`; `schema_mismatch`, naming the migration that is needed, or that
 *   this version lacks
 */
export async function requireSchema(db: Queryable): Promise<void> {
  await requireRestored(db);
  const { missing, unknown } = await schemaDifference(db);
  const [newest, needed] = [unknown.at(-1), missing.at(-1)];
  if (newest !== undefined) {
    throw new KyokaError(
      'schema_mismatch',
      `the database has the migration ${newest}, which this version doesn't know: start a version that has it`,
      { faults: [{ field: 'DATABASE_URL', expected: `a version of Kyoka with ${newest}` }] },
    );
  }
  if (needed !== undefined) {
    throw new KyokaError(
      'schema_mismatch',
      `the database lacks ${missing.length} of this version's migrations, the newest ${needed}: npm run migrate`,
      { faults: missing.map((name) => ({ field: 'DATABASE_URL', expected: name })) },
    );
  }
}
