import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseForTests, type TestDatabase } from './index.js';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([
    databaseForTests({ migrated: false }),
    databaseForTests({ migrated: false }),
  ]);
});
afterAll(() => Promise.all([first.drop(), second.drop()]));

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it('gives each caller a database of its own on a server that keeps what it commits', async () => {
  await ask(first.url, 'CREATE TABLE here (n int)');
  expect(await ask(first.url, `SELECT to_regclass('here')::text AS found`)).toEqual([
    { found: 'here' },
  ]);
  expect(await ask(second.url, `SELECT to_regclass('here')::text AS found`)).toEqual([
    { found: null },
  ]);
  expect(await ask(first.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
});

it('compares text by code point in UTF-8, as the embedded product server does', async () => {
  expect(await ask(first.url, `SELECT 'あ' > 'Z' AS after, length('許可') AS n`)).toEqual([
    { after: true, n: 2 },
  ]);
});
