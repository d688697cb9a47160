import { openPool, queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseForTests, type TestDatabase } from './index.js';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([databaseForTests(), databaseForTests()]);
});
afterAll(() => Promise.all([first.drop(), second.drop()]));

async function ask(url: string, sql: string): Promise<unknown[]> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka-tests' });
  try {
    return await queryable(pool).query(sql);
  } finally {
    await pool.destroy();
  }
}

it('gives each caller a database of its own', async () => {
  await ask(first.url, 'CREATE TABLE here (n int)');
  const found = `SELECT to_regclass('here')::text AS found`;
  expect(await ask(first.url, found)).toEqual([{ found: 'here' }]);
  expect(await ask(second.url, found)).toEqual([{ found: null }]);
});

it('gives the schema of the product', async () => {
  expect(await ask(second.url, 'SELECT count(*)::int AS rows FROM permissions.outbox')).toEqual([
    { rows: 0 },
  ]);
});

it('drops what it gave', async () => {
  const third = await databaseForTests({ migrated: false });
  await third.drop();
  const name = new URL(third.url).pathname.slice(1);
  expect(
    await ask(first.url, `SELECT count(*)::int AS n FROM pg_database WHERE datname = '${name}'`),
  ).toEqual([{ n: 0 }]);
});
