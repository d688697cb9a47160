import { openPool, queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpDatabase } from './dump-database.js';
import { leakScanner } from './leak-scan.js';

const scanner = leakScanner([{ name: 'one', kind: 'email', value: 'taro@example.jp' }]);
let database: TestDatabase;

beforeAll(async () => {
  database = await databaseForTests();
});
afterAll(() => database.drop());

describe('a dump of the database', () => {
  it('holds every table of every schema', async () => {
    const names = (await dumpDatabase(database.url)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'audiences.member',
        'intake.event',
        'intake.parked',
        'permissions.contact_point',
        'permissions.ledger',
        'permissions.outbox',
      ]),
    );
  });

  it.each([
    [
      'in a text',
      `insert into intake.event values ('store', 'mail to taro@example.jp', '', 'accepted', now())`,
      'intake.event',
    ],
    [
      'in the bytes of a column',
      `insert into intake.event values ('store', 'bytes', 'x taro@example.jp', 'accepted', now())`,
      'intake.event',
    ],
    [
      'as a plain digest',
      `insert into intake.event values ('store', 'digest', sha256('taro@example.jp'), 'accepted', now())`,
      'intake.event',
    ],
    [
      'escaped in JSON',
      `insert into permissions.outbox (topic, key, type, payload)
       values ('t', 'k', 't', '{"note":"\\u0074aro\\u0040example.jp"}')`,
      'permissions.outbox',
    ],
  ])('shows a leak %s', async (_how, sql, table) => {
    const pool = await openPool(database.url, { max: 1, applicationName: 'leaks-test' });
    await queryable(pool).query(sql);
    const dumped = await dumpDatabase(database.url);
    const leaks = dumped.flatMap(({ name, text }) => scanner.scanText(text, name));
    expect(leaks.map(({ where }) => where)).toContain(table);
    await queryable(pool).query(`delete from ${table}`);
    await pool.destroy();
  });
});
