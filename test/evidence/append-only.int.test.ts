import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill, GROWING, ownerOf } from './filled.js';

let database: TestDatabase;
let owner: Pool;
const pools = new Map<string, Pool>();

/** What each attempt runs; a column that every such table has is told per table. */
const CHANGES: readonly ((table: string) => string)[] = [
  (table) => `update ${table} set at = now()`,
  (table) => `delete from ${table}`,
  (table) => `truncate ${table} cascade`,
];
const momentOf: Record<string, string> = {
  'permissions.ledger': 'act_at',
  'permissions.decision': 'decided_at',
  'audiences.release': 'decided_at',
};
const changesOf = (table: string): string[] =>
  CHANGES.map((change) => change(table).replace(' at =', ` ${momentOf[table] ?? 'at'} =`));

beforeAll(async () => {
  database = await databaseForTests();
  owner = await ownerOf(database.url);
  await fill(owner, async () => undefined);
  for (const role of ['kyoka_permissions', 'kyoka_audiences'] as const) {
    pools.set(role, await openPool(database.url, { role, max: 1, applicationName: role }));
  }
});
afterAll(async () => {
  for (const pool of [...pools.values(), owner]) await pool.destroy();
  await database.drop();
});

const count = async (table: string): Promise<string> =>
  (await queryable(owner).query<{ n: string }>(`select count(*) as n from ${table}`))[0]?.n ?? '';

async function refuses(db: Queryable, sql: string): Promise<void> {
  await expect(db.query(sql), sql).rejects.toMatchObject({ sqlState: '42501' });
}

describe.each(GROWING)('%s', (table) => {
  it.each(['kyoka_permissions', 'kyoka_audiences'])('refuses every change by %s', async (role) => {
    const db = queryable(pools.get(role) as Pool);
    const before = await count(table);
    for (const sql of changesOf(table)) await refuses(db, sql);
    for (const sql of [
      `alter table ${table} disable trigger all`,
      `drop trigger append_only on ${table}`,
      `drop table ${table} cascade`,
      `alter table ${table} add column extra int`,
      'set session_replication_role = replica',
    ]) {
      await refuses(db, sql);
    }
    expect(await count(table)).toBe(before);
  });

  it('refuses a change by its owner, whom no grant keeps from it', async () => {
    expect(Number(await count(table))).toBeGreaterThan(0);
    for (const sql of changesOf(table)) await refuses(queryable(owner), sql);
  });

  it('control: past its triggers the owner can, which only the chain then shows', async () => {
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    await runner.query('set local session_replication_role = replica');
    await runner.query(changesOf(table)[0] as string);
    await runner.query(changesOf(table)[1] as string);
    const [left] = await runner.query(`select count(*)::int as n from ${table}`);
    await runner.rollbackTransaction();
    await runner.release();
    expect(left.n).toBe(0);
  });
});

it('no role of the service may do more than its context needs', async () => {
  const rows = await queryable(owner).query<{ grantee: string; what: string }>(
    `select grantee, privilege_type || ' ' || table_schema || '.' || table_name as what
     from information_schema.role_table_grants
     where grantee in ('kyoka_permissions', 'kyoka_audiences') and table_schema in ('intake', 'permissions', 'audiences', 'access')
       and privilege_type in ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
     order by 1, 2`,
  );
  expect(rows.map(({ grantee, what }) => `${grantee} ${what}`)).toEqual([
    'kyoka_audiences DELETE audiences.outbox',
    'kyoka_audiences DELETE audiences.run_subject',
    'kyoka_permissions DELETE access.quota',
    'kyoka_permissions DELETE access.session',
    'kyoka_permissions DELETE access.sign_in_link',
    'kyoka_permissions DELETE permissions.duty_mail',
    'kyoka_permissions DELETE permissions.order_line',
    'kyoka_permissions DELETE permissions.outbox',
    'kyoka_permissions DELETE permissions.page_confirmation',
    'kyoka_permissions DELETE permissions.page_token',
    'kyoka_permissions DELETE permissions.term',
  ]);
  const [role] = await queryable(owner).query(
    `select bool_or(rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolcanlogin) as more
     from pg_roles where rolname in ('kyoka_permissions', 'kyoka_audiences')`,
  );
  expect(role).toEqual({ more: false });
});
