import { setTimeout as sleep } from 'node:timers/promises';
import { KyokaError } from '@kyoka/kernel';
import { inTransaction, openPool, queryable, type Queryable } from '@kyoka/postgres';
import { databaseForTests, eventually, type TestDatabase } from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { OutboxRelay, pruneOutbox, type OutboundRecord, type Producer } from './index.js';
import type { Pool } from './outbox-relay.js';

let database: TestDatabase;
let pool: Pool;
const relays: OutboxRelay[] = [];

beforeAll(async () => {
  database = await databaseForTests();
  pool = await openPool(database.url, {
    role: 'kyoka_permissions',
    max: 20,
    applicationName: 'outbox-test',
  });
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await queryable(pool).query('DELETE FROM permissions.outbox');
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

interface Sent {
  readonly key: string | null;
  readonly n: number;
  readonly id: string | undefined;
}

/** A destination that remembers, and can be told to fail. */
function destination() {
  const sent: Sent[] = [];
  const state = { before: () => Promise.resolve(), after: () => Promise.resolve() };
  const producer: Producer = {
    async send(_topic, records: readonly OutboundRecord[]) {
      await state.before();
      for (const { key, value, headers } of records) {
        const { n } = JSON.parse(String(value)) as { n: number };
        sent.push({ key, n, id: headers['ce_id'] });
      }
      await state.after();
    },
  };
  return { sent, state, producer };
}

function relay(producer: Producer, batch = 50): OutboxRelay {
  const made = new OutboxRelay({
    pool,
    schema: 'permissions',
    producer,
    batch,
    idleMs: 5,
    onFault: () => undefined,
  });
  relays.push(made);
  return made;
}

async function write(tx: Queryable, key: string, n: number): Promise<void> {
  await tx.query(
    `INSERT INTO permissions.outbox (topic, key, type, payload)
     VALUES ('kyoka.permissions.v1', $1, 'jp.kyoka.permissions.changed.v1', $2)`,
    [key, JSON.stringify({ n })],
  );
}

const left = async () => (await queryable(pool).query('SELECT id FROM permissions.outbox')).length;

/**
 * Many writers at once, each transaction under the lock of its key as the product's are: some wait
 * before they commit, some roll back. Gives the committed numbers of each key in their order.
 */
async function storm(writers: number, rounds: number): Promise<Map<string, number[]>> {
  const committed = new Map<string, number[]>();
  let n = 0;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let round = 0; round < rounds; round += 1) {
        const key = `k${(writer + round) % 5}`;
        await inTransaction(pool, async (tx) => {
          // Takes a transaction number before the lock, as an inbox row does.
          await tx.query('SELECT pg_current_xact_id()');
          await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [key]);
          n += 1;
          const mine = n;
          await write(tx, key, mine);
          if (mine % 7 === 0) await sleep(20);
          if (mine % 11 === 0) throw new KyokaError('conflict', 'rolled back on purpose');
          committed.set(key, [...(committed.get(key) ?? []), mine]);
        }).catch((fault: unknown) => {
          if (!(fault instanceof KyokaError && fault.code === 'conflict')) throw fault;
        });
      }
    }),
  );
  return committed;
}

function numbersByKey(sent: readonly Sent[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { key, n } of sent) numbers.set(key ?? '', [...(numbers.get(key ?? '') ?? []), n]);
  return numbers;
}

const sorted = (numbers: ReadonlyMap<string, number[]>) =>
  [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));

it('relays every committed row of concurrent writers once, in order per key, with two relays', async () => {
  const { sent, producer } = destination();
  relay(producer).start();
  relay(producer).start();
  const committed = await storm(12, 25);
  await eventually('everything is relayed', async () => (await left()) === 0);
  expect(sorted(numbersByKey(sent))).toEqual(sorted(committed));
});

it('control: remembering the last id loses rows under the same writers', async () => {
  const seen = new Set<number>();
  let [last, isWriting] = ['0', true];
  const poll = (async () => {
    while (isWriting) {
      const rows = await queryable(pool).query<{ id: string; payload: { n: number } }>(
        'SELECT id, payload FROM permissions.outbox WHERE id > $1 ORDER BY id',
        [last],
      );
      for (const row of rows) seen.add(row.payload.n);
      last = rows.at(-1)?.id ?? last;
      await sleep(1);
    }
  })();
  const committed = await storm(12, 25);
  isWriting = false;
  await poll;
  const all = [...committed.values()].flat();
  expect(all.filter((n) => !seen.has(n)).length).toBeGreaterThan(0);
});

it('orders by the lock of the key, where the number of the transaction would turn it round', async () => {
  const { sent, producer } = destination();
  const locked = Promise.withResolvers<void>();
  const numbered = Promise.withResolvers<void>();
  const early = inTransaction(pool, async (tx) => {
    await tx.query('SELECT pg_current_xact_id()');
    numbered.resolve();
    await locked.promise;
    await write(tx, 'k', 2);
  });
  await numbered.promise;
  await inTransaction(pool, (tx) => write(tx, 'k', 1));
  locked.resolve();
  await early;
  const byTransaction = await queryable(pool).query<{ payload: { n: number } }>(
    'SELECT payload FROM permissions.outbox ORDER BY xmin::text::bigint, id',
  );
  expect(byTransaction.map(({ payload }) => payload.n)).toEqual([2, 1]);
  await relay(producer).relayOnce();
  expect(sent.map(({ n }) => n)).toEqual([1, 2]);
});

it('is not held up by a transaction that is still open, and takes its earlier row when it ends', async () => {
  const { sent, producer } = destination();
  const end = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const open = inTransaction(pool, async (tx) => {
    await write(tx, 'k', 1);
    began.resolve();
    await end.promise;
  });
  await began.promise;
  await inTransaction(pool, (tx) => write(tx, 'other', 2));
  const waiting = relay(producer);
  expect(await waiting.waitingSince()).toBeTypeOf('number');
  expect(await waiting.relayOnce()).toBe(1);
  expect(await waiting.waitingSince()).toBeUndefined();
  end.resolve();
  await open;
  expect(await waiting.relayOnce()).toBe(1);
  expect(sent.map(({ n }) => n)).toEqual([2, 1]);
});

it('keeps rows while the destination fails, and sends them when it is back', async () => {
  const { sent, state, producer } = destination();
  await inTransaction(pool, (tx) => write(tx, 'k', 1));
  state.before = () => Promise.reject(new KyokaError('kafka_unavailable', 'away'));
  const faults: string[] = [];
  const failing = new OutboxRelay({
    pool,
    schema: 'permissions',
    producer,
    idleMs: 5,
    onFault: ({ code }) => faults.push(code),
  });
  relays.push(failing);
  failing.start();
  await eventually('it has failed twice', () => faults.length > 1);
  expect(await left()).toBe(1);
  state.before = () => Promise.resolve();
  await eventually('it is relayed', async () => (await left()) === 0);
  expect(sent).toHaveLength(1);
  expect(new Set(faults)).toEqual(new Set(['kafka_unavailable']));
});

it('sends again under the same id after a crash between sending and deleting', async () => {
  const { sent, state, producer } = destination();
  await inTransaction(pool, (tx) => write(tx, 'k', 1));
  const owner = await openPool(database.url, { max: 1, applicationName: 'outbox-test-owner' });
  state.after = async () => {
    await queryable(owner).query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'outbox-test' AND state = 'idle in transaction'`,
    );
  };
  await expect(relay(producer).relayOnce()).rejects.toThrow();
  await owner.destroy();
  state.after = () => Promise.resolve();
  expect(await relay(producer).relayOnce()).toBe(1);
  expect(sent.map(({ n }) => n)).toEqual([1, 1]);
  expect(sent[0]?.id).toBe(sent[1]?.id);
});

it('prunes what is older than a day given, and nothing else', async () => {
  const at = (days: number) =>
    queryable(pool).query(
      `INSERT INTO permissions.outbox (topic, key, type, payload, created_at)
       VALUES ('t', 'k', 't', '{"n":1}', now() - make_interval(days => $1))`,
      [days],
    );
  await at(15);
  await at(13);
  expect(await pruneOutbox(pool, 'permissions', Date.now() - 14 * 86_400_000)).toBe(1);
  expect(await left()).toBe(1);
});
