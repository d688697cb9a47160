import { randomBytes } from 'node:crypto';
import { openPool, queryable } from '@kyoka/postgres';
import { migrate } from '@kyoka/schema';
import { startPostgres } from './postgres-server.js';
import { oncePerRun } from './run-folder.js';

export interface TestDatabase {
  /** Connection URL of the owner; holds a password, so never print it. */
  readonly url: string;
  /** Removes the database, ending connections that are still open. */
  drop(): Promise<void>;
}

export interface DatabaseOptions {
  /** `false`: an empty database, without the product's schema. */
  readonly migrated?: boolean;
}

/**
 * A database of the caller's own, with the product's schema in it. One PostgreSQL serves the whole
 * test run (the server of `DATABASE_URL` where that is set, else an embedded one); it is migrated
 * once, and each call copies the result. Call it once per test file and drop it in `afterAll`.
 */
export async function databaseForTests({
  migrated = true,
}: DatabaseOptions = {}): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'] ?? (await oncePerRun('postgres', startPostgres)).url;
  const template = migrated
    ? await oncePerRun('postgres-template', () => migratedTemplate(server))
    : 'template0';
  const name = uniqueDatabase('test');
  await run(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: urlOf(server, name),
    drop: () => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function migratedTemplate(server: string): Promise<string> {
  const name = uniqueDatabase('template');
  await run(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  await migrate(urlOf(server, name));
  // Copying needs a template that nobody is connected to.
  await run(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  return name;
}

function uniqueDatabase(what: string): string {
  return `kyoka_${what}_${randomBytes(6).toString('hex')}`;
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(server: string, sql: string): Promise<void> {
  const pool = await openPool(server, { max: 1, applicationName: 'kyoka-tests' });
  try {
    await queryable(pool).query(sql);
  } finally {
    await pool.destroy();
  }
}
