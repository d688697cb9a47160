import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, openPool, queryable } from '@kyoka/postgres';
import { databaseForTests, eventually, type TestDatabase } from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OutboxRelay, type Producer } from './index.js';
import type { Pool } from './outbox-relay.js';

const IDLE_IN_TRANSACTION_MS = 400;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await databaseForTests();
  pool = await openPool(database.url, {
    role: 'kyoka_permissions',
    max: 5,
    applicationName: 'outbox-hanging-test',
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  });
});
afterEach(async () => {
  await queryable(pool).query('DELETE FROM permissions.outbox');
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

const write = (n: number) =>
  inTransaction(pool, (tx) =>
    tx.query(
      `INSERT INTO permissions.outbox (topic, key, type, payload)
       VALUES ('kyoka.permissions.v1', 'k', 'jp.kyoka.permission.changed.v1', $1)`,
      [JSON.stringify({ n })],
    ),
  );

interface Kept {
  readonly n: number;
  readonly sequence: string;
}

/** Two relays of one outbox and one topic; the first one's request hangs until it is let go. */
async function overtaking(holdMs: number): Promise<readonly Kept[]> {
  const topic: Kept[] = [];
  const letGo = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const producer = (before: () => Promise<void>): Producer => ({
    async send(_topic, records, { beforeEach } = {}) {
      await beforeEach?.();
      await before();
      for (const { value, headers } of records) {
        const { n } = JSON.parse(String(value)) as { n: number };
        topic.push({ n, sequence: headers['ce_sequence'] ?? '' });
      }
    },
  });
  const relay = (made: Producer) =>
    new OutboxRelay({ pool, schema: 'permissions', producer: made, holdMs, onFault: () => {} });
  await write(1);
  const hanging = relay(
    producer(() => {
      began.resolve();
      return letGo.promise;
    }),
  ).relayOnce();
  await began.promise;
  await write(2);
  const other = relay(producer(() => Promise.resolve()));
  for (const end = Date.now() + 3 * IDLE_IN_TRANSACTION_MS; Date.now() < end; await sleep(50)) {
    await other.relayOnce();
  }
  letGo.resolve();
  await hanging.catch(() => undefined);
  await eventually('both are relayed', async () => {
    await other.relayOnce();
    return (await queryable(pool).query('SELECT id FROM permissions.outbox')).length === 0;
  });
  return topic;
}

it('a relay whose request hangs keeps the lock, so no other one sends past it', async () => {
  const topic = await overtaking(IDLE_IN_TRANSACTION_MS / 4);
  expect(topic.map(({ n }) => n)).toEqual([1, 2]);
});

it('control: without holding the lock the older record comes last, and its sequence tells so', async () => {
  const topic = await overtaking(60_000);
  expect(topic.map(({ n }) => n)).toEqual([1, 2, 1]);
  const [, newer, late] = topic as [Kept, Kept, Kept];
  expect(late.sequence < newer.sequence).toBe(true);
});

it('begins no further request once its lock is lost', async () => {
  await write(1);
  const sent: string[] = [];
  const producer: Producer = {
    async send(_topic, _records, { beforeEach } = {}) {
      await beforeEach?.();
      sent.push('first request');
      await sleep(2 * IDLE_IN_TRANSACTION_MS);
      await beforeEach?.();
      sent.push('second request');
    },
  };
  const options = { pool, schema: 'permissions', producer, holdMs: 60_000, onFault: () => {} };
  await expect(new OutboxRelay(options).relayOnce()).rejects.toMatchObject({
    code: 'database_unavailable',
  });
  expect(sent).toEqual(['first request']);
});
