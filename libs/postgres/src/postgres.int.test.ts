import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  advisoryLock,
  DatabaseError,
  inTransaction,
  listen,
  openPool,
  queryable,
  startEmbedded,
  toKyokaError,
  tryAdvisoryLock,
  type EmbeddedPostgres,
} from './index.js';

const CANARY = 'canary.taro@example.jp';

let folder: string;
let server: EmbeddedPostgres;
let pool: DataSource;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-pg-'));
  server = await startEmbedded({ dataDir: folder, password: 'p@ss/wörd' });
  pool = await openPool(server.url, { max: 8, applicationName: 'test' });
  const db = queryable(pool);
  await db.query('CREATE ROLE kyoka_permissions NOLOGIN');
  await db.query(
    'CREATE TABLE thing (id int PRIMARY KEY, name text CONSTRAINT thing_name_short CHECK (length(name) < 30))',
  );
  await db.query('GRANT SELECT, INSERT ON thing TO kyoka_permissions');
});

afterAll(async () => {
  await pool?.destroy();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a Queryable', () => {
  it('gives rows for every statement that has some, and none for the others', async () => {
    const rows = await inTransaction(pool, async (tx) => [
      await tx.query(`INSERT INTO thing VALUES ($1, $2), (2, 'b') RETURNING id`, [1, 'a']),
      await tx.query(`UPDATE thing SET name = 'c' RETURNING id`),
      await tx.query('SELECT id FROM thing ORDER BY id'),
      await tx.query('DELETE FROM thing RETURNING id'),
      await tx.query('DELETE FROM thing'),
    ]);
    const both = [{ id: 1 }, { id: 2 }];
    expect(rows).toEqual([both, both, both, both, []]);
  });

  it('goes on where a migration gives a statement that connections keep other columns', async () => {
    const db = queryable(pool);
    await db.query('CREATE TABLE grows AS SELECT 1 AS a');
    const select = 'SELECT * FROM grows WHERE a = $1';
    const widen = (column: string) => db.query(`ALTER TABLE grows ADD ${column} int DEFAULT 2`);
    const kept = async (): Promise<boolean> => {
      const sql = `SELECT FROM pg_prepared_statements WHERE statement = $1`;
      return (await db.query(sql, [select])).length > 0;
    };
    for (let use = 0; use < 3; use += 1) await db.query(select, [1]);
    expect(await kept()).toBe(true);

    await widen('b');
    expect(await db.query(select, [1])).toEqual([{ a: 1, b: 2 }]);
    for (let use = 0; use < 3; use += 1) await db.query(select, [1]);
    await widen('c');
    const rows = await inTransaction(pool, (tx) => tx.query(select, [1]));
    expect(rows).toEqual([{ a: 1, b: 2, c: 2 }]);
  });

  it('speaks UTC, Unicode and trigrams of Japanese text', async () => {
    const db = queryable(pool);
    expect(await db.query('SHOW timezone')).toEqual([{ TimeZone: 'UTC' }]);
    await db.query('CREATE EXTENSION pg_trgm');
    const [row] = await db.query<{ n: number }>(`SELECT cardinality(show_trgm('許可証')) AS n`);
    expect(row?.n).toBeGreaterThan(0);
  });
});

describe('a fault', () => {
  it.each([
    ['a wrong value', `SELECT $1::uuid`, '22P02', true],
    ['a check', `INSERT INTO thing VALUES (9, repeat($1, 9))`, '23514', true],
    [
      'a duplicate',
      `INSERT INTO thing SELECT 7, left($1, 9) FROM generate_series(1, 2)`,
      '23505',
      true,
    ],
    ['a missing table', `SELECT $1::text FROM nowhere`, '42P01', false],
  ])('of %s tells its SQLSTATE and no value', async (_, sql, sqlState, blamesData) => {
    const fault = await inTransaction(pool, (tx) => tx.query(sql, [CANARY])).catch(
      (caught: unknown) => caught,
    );
    expect(fault).toBeInstanceOf(DatabaseError);
    expect(fault).toMatchObject({ code: 'database_refused', sqlState, blamesData });
    expect(everythingIn(fault)).not.toContain(CANARY);
    expect(everythingIn(await pool.query(sql, [CANARY]).catch((raw: unknown) => raw))).toContain(
      CANARY,
    );
  });

  it('rolls everything back and leaves the connection usable', async () => {
    const work = inTransaction(pool, async (tx) => {
      await tx.query(`INSERT INTO thing VALUES (5, 'x')`);
      throw new RangeError('ours');
    });
    await expect(work).rejects.toThrow(RangeError);
    expect(await queryable(pool).query('SELECT 1 FROM thing WHERE id = 5')).toEqual([]);
  });

  it('is database_unavailable where nothing listens', async () => {
    const fault = await openPool('postgres://kyoka_owner@127.0.0.1:1/kyoka', {
      max: 1,
      applicationName: 't',
    }).catch(toKyokaError);
    expect(fault).toMatchObject({ code: 'database_unavailable', retry: 'backoff' });
  });

  it('is database_unavailable when the server ends a session in a transaction', async () => {
    const fault = await inTransaction(pool, async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    }).catch((caught: unknown) => caught);
    expect(fault).toMatchObject({ code: 'database_unavailable' });
    expect(await queryable(pool).query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

describe('inTransaction', () => {
  it('runs again after a deadlock, and both sides commit', async () => {
    await queryable(pool).query(`INSERT INTO thing VALUES (11, ''), (12, '')`);
    let meet = () => undefined as void;
    const met = new Promise<void>((resolve) => (meet = resolve));
    let waiting = 0;
    const runs = [0, 0];
    const side = (index: 0 | 1, first: number, second: number) =>
      inTransaction(pool, async (tx) => {
        runs[index] = (runs[index] ?? 0) + 1;
        await tx.query(`UPDATE thing SET name = name || '.' WHERE id = $1`, [first]);
        waiting += 1;
        if (waiting === 2) meet();
        await met;
        await tx.query(`UPDATE thing SET name = name || '.' WHERE id = $1`, [second]);
      });
    await Promise.all([side(0, 11, 12), side(1, 12, 11)]);
    expect(runs.reduce((sum, n) => sum + n)).toBeGreaterThan(2);
    expect(await queryable(pool).query('SELECT name FROM thing WHERE id > 10')).toEqual([
      { name: '..' },
      { name: '..' },
    ]);
  });

  it('gives up after the allowed number of runs', async () => {
    let runs = 0;
    const work = inTransaction(
      pool,
      async (tx) => {
        runs += 1;
        await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$`);
      },
      { retries: 2 },
    );
    await expect(work).rejects.toMatchObject({ sqlState: '40001', code: 'database_unavailable' });
    expect(runs).toBe(3);
  });
});

describe('openPool', () => {
  it('works under the role it was given, and can do no more than that role', async () => {
    const limited = await openPool(server.url, {
      role: 'kyoka_permissions',
      max: 1,
      applicationName: 'limited',
    });
    try {
      expect(await queryable(limited).query('SELECT current_user::text')).toEqual([
        { current_user: 'kyoka_permissions' },
      ]);
      await expect(queryable(limited).query('DELETE FROM thing')).rejects.toMatchObject({
        sqlState: '42501',
      });
    } finally {
      await limited.destroy();
    }
  });

  it('refuses a role whose commits a crash could lose', async () => {
    const db = queryable(pool);
    await db.query(`CREATE ROLE hasty LOGIN PASSWORD 'h'`);
    await db.query('ALTER ROLE hasty SET synchronous_commit = off');
    const url = new URL(server.url);
    url.username = 'hasty';
    url.password = 'h';
    await expect(openPool(url.href, { max: 1, applicationName: 't' })).rejects.toMatchObject({
      code: 'config_invalid',
      faults: [{ field: 'DATABASE_URL: synchronous_commit', expected: 'on' }],
    });
  });

  it('ends a statement that takes longer than it may', async () => {
    const hurried = await openPool(server.url, {
      max: 1,
      applicationName: 't',
      statementTimeoutMs: 50,
    });
    try {
      await expect(queryable(hurried).query('SELECT pg_sleep(60)')).rejects.toMatchObject({
        sqlState: '57014',
      });
    } finally {
      await hurried.destroy();
    }
  });
});

it('an advisory lock: shared sides go together, an exclusive one alone', async () => {
  await inTransaction(pool, async (one) => {
    await advisoryLock(one, 42n, 'shared');
    await inTransaction(pool, async (two) => {
      expect(await tryAdvisoryLock(two, 42n, 'shared')).toBe(true);
      expect(await tryAdvisoryLock(two, 42n, 'exclusive')).toBe(false);
    });
  });
  await inTransaction(pool, async (tx) => expect(await tryAdvisoryLock(tx, 42n)).toBe(true));
});

it('a listener wakes for notifications, and again after its connection was killed', async () => {
  const db = queryable(pool);
  let wakes = 0;
  const listener = listen({
    url: server.url,
    channel: 'outbox',
    applicationName: 'ear',
    onWake: () => (wakes += 1),
  });
  try {
    await expect.poll(() => wakes, { timeout: 20_000 }).toBe(1);
    await db.query('NOTIFY outbox');
    await expect.poll(() => wakes, { timeout: 20_000 }).toBe(2);
    await db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ear'`,
    );
    await expect.poll(() => wakes, { timeout: 20_000 }).toBe(3);
    await db.query('NOTIFY outbox');
    await expect.poll(() => wakes, { timeout: 20_000 }).toBe(4);
  } finally {
    await listener.stop();
  }
  expect(await db.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'ear'`)).toEqual(
    [],
  );
});

/** Every own property down the whole object, hidden ones and causes too, as one text. */
function everythingIn(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  return Reflect.ownKeys(value)
    .map((key) => everythingIn(Reflect.get(value, key), seen))
    .join('\n');
}
