import { randomBytes } from 'node:crypto';
import { openPool, type PoolRole, queryable, type Queryable } from '@kyoka/postgres';
import { type LoginOf, makeLogins } from '@kyoka/schema';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onDatabase, rightsOf } from './catalog.js';

/** Logins belong to the cluster, which other tests use as well. */
const RUN = randomBytes(4).toString('hex');
const WHOSE = ['intake', 'permissions', 'audiences', 'console', 'backup'] as const;
const BECOMES: Readonly<Record<LoginOf, readonly PoolRole[]>> = {
  intake: ['kyoka_permissions'],
  permissions: ['kyoka_permissions'],
  audiences: ['kyoka_audiences'],
  console: ['kyoka_permissions', 'kyoka_audiences'],
  backup: [],
};
const CONTEXTS: readonly PoolRole[] = ['kyoka_permissions', 'kyoka_audiences'];

const userOf = (whose: LoginOf) => `t_${RUN}_${whose}`;
const logins = Object.fromEntries(
  WHOSE.map((whose) => [
    whose,
    { user: userOf(whose), password: randomBytes(18).toString('base64url') },
  ]),
) as Record<LoginOf, { user: string; password: string }>;

let database: TestDatabase;
beforeAll(async () => {
  database = await databaseForTests();
  expect(await makeLogins(database.url, logins)).toEqual(WHOSE);
});
afterAll(async () => {
  await onDatabase(database.url, async (db) => {
    for (const whose of WHOSE) await db.query(`drop role if exists ${userOf(whose)}`);
  });
  await database.drop();
});

/** Works on one connection under a login, as whoever stole it would. */
async function as<T>(
  whose: LoginOf,
  work: (db: Queryable) => Promise<T>,
  { role, password = logins[whose].password }: { role?: PoolRole; password?: string } = {},
): Promise<T> {
  const url = new URL(database.url);
  url.username = userOf(whose);
  url.password = password;
  const options = { max: 1, applicationName: 'kyoka-tests' };
  const pool = await openPool(url.href, role === undefined ? options : { ...options, role });
  try {
    return await work(queryable(pool));
  } finally {
    await pool.destroy();
  }
}

const refused = { sqlState: '42501' };

/** Tables that this connection can read now, found by trying each. */
async function readable(db: Queryable, tables: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const rows = await db.query(`select from ${table} limit 0`).catch((fault: unknown) => {
      expect(fault).toMatchObject(refused);
      return undefined;
    });
    if (rows !== undefined) found.push(table);
  }
  return found;
}

const tables = () =>
  onDatabase(database.url, async (db) => {
    const rows = await db.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind in ('r', 'v')
         and relnamespace::regnamespace::text in ('intake', 'permissions', 'audiences', 'access') order by 1`,
    );
    return rows.map(({ name }) => name);
  });

describe.each(WHOSE.filter((whose) => whose !== 'backup'))('the login of %s', (whose) => {
  it('can become nobody but the roles of its service', async () => {
    await as(whose, async (db) => {
      const [owner] = await onDatabase(database.url, (by) =>
        by.query<{ name: string }>('select session_user::text as name'),
      );
      for (const role of [...CONTEXTS, ...WHOSE.map(userOf), owner?.name ?? '']) {
        const become = db.query(`set role ${role}`);
        if (role === userOf(whose) || BECOMES[whose].includes(role as PoolRole)) await become;
        else await expect(become, role).rejects.toMatchObject(refused);
      }
    });
  });

  it.each(BECOMES[whose])('reaches what %s may, and without that role nothing', async (role) => {
    const all = await tables();
    const may = await onDatabase(database.url, (db) => rightsOf(db, role));
    const toRead = all.filter((name) => may[name]?.includes('select'));
    expect(toRead.length).toBeGreaterThan(10);
    await as(
      whose,
      async (db) => {
        expect(await readable(db, all)).toEqual(toRead);
        // What the connection began with comes back; the login itself comes by name.
        await db.query('reset role');
        expect(await readable(db, all)).toEqual(toRead);
        await db.query('set role none');
        expect(await readable(db, all)).toEqual([]);
      },
      { role },
    );
  });

  it('changes nothing that is not a row: no table, no role, no schema', async () => {
    await as(whose, async (db) => {
      for (const sql of [
        'create table public.mine (n int)',
        'create schema mine',
        'create role mine_too',
        `alter role ${userOf(whose)} superuser`,
        'alter table permissions.ledger disable trigger all',
        `select pg_read_file('postgresql.conf')`,
      ]) {
        await expect(db.query(sql), sql).rejects.toMatchObject(refused);
      }
    });
  });
});

it('a backup reads everything, writes nothing and becomes nobody', async () => {
  const all = await tables();
  await as('backup', async (db) => {
    expect(await readable(db, all)).toEqual(all);
    await expect(db.query('delete from audiences.outbox')).rejects.toMatchObject(refused);
    for (const role of CONTEXTS)
      await expect(db.query(`set role ${role}`)).rejects.toMatchObject(refused);
  });
});

it('made again, a login has the new password and no right that somebody added', async () => {
  await onDatabase(database.url, (db) =>
    db.query(`grant kyoka_audiences to ${userOf('intake')} with inherit true`),
  );
  const intake = { user: userOf('intake'), password: randomBytes(18).toString('base64url') };
  expect(await makeLogins(database.url, { intake })).toEqual(['intake']);
  await expect(as('intake', (db) => db.query('select 1'))).rejects.toMatchObject({
    sqlState: '28P01',
  });
  await as(
    'intake',
    (db) =>
      expect(db.query('select from audiences.member')).rejects.toMatchObject({
        sqlState: '42501',
      }),
    { password: intake.password },
  );
});

it('refuses a user who may do more already, or whom two services would share', async () => {
  const password = randomBytes(18).toString('base64url');
  const owner = decodeURIComponent(new URL(database.url).username);
  const wrong = async (given: Parameters<typeof makeLogins>[1]) =>
    expect(makeLogins(database.url, given)).rejects.toMatchObject({
      code: 'config_invalid',
      faults: [{ field: 'KYOKA_LOGIN_AUDIENCES' }],
    });
  await wrong({ audiences: { user: owner, password } });
  await wrong({ audiences: { user: 'kyoka_permissions', password } });
  await wrong({
    intake: { user: userOf('intake'), password },
    audiences: { user: userOf('intake'), password },
  });
});

it('refuses a user to whom something was granted beside its role', async () => {
  const { audiences } = logins;
  const table = 'permissions.subject';
  await onDatabase(database.url, (db) => db.query(`grant select on ${table} to ${audiences.user}`));
  await expect(makeLogins(database.url, { audiences })).rejects.toMatchObject({
    code: 'config_invalid',
    faults: [{ field: 'KYOKA_LOGIN_AUDIENCES' }],
  });
  await onDatabase(database.url, (db) =>
    db.query(`revoke select on ${table} from ${audiences.user}`),
  );
  expect(await makeLogins(database.url, { audiences })).toEqual(['audiences']);
});
