import { migrate } from '@kyoka/schema';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onDatabase } from './catalog.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await databaseForTests();
});
afterAll(() => database.drop());

it.each(['permissions', 'audiences'])(
  'a start on an older backup gives no number of an outbox again: %s',
  async (schema) => {
    const ask = <R>(sql: string) =>
      onDatabase(database.url, async (db) => (await db.query(sql))[0] as R);
    const next = async () =>
      BigInt(
        (
          await ask<{ id: string }>(
            `insert into ${schema}.outbox (topic, key, type, payload) values ('t', 'k', 't', '{}') returning id`,
          )
        ).id,
      );
    await migrate(database.url);
    const before = await next();
    await ask(`select setval(pg_get_serial_sequence('${schema}.outbox', 'id'), 5)`);
    // Control: the backup would count on from where it was taken.
    expect(await next()).toBeLessThan(before);
    await migrate(database.url);
    expect(await next()).toBeGreaterThan(before);

    // A number that is ahead of the clock is never moved back.
    await ask(`select setval(pg_get_serial_sequence('${schema}.outbox', 'id'), 9000000000000000)`);
    await migrate(database.url);
    expect(await next()).toBe(9000000000000001n);
  },
);
