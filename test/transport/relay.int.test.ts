import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, openPool, type Pool, queryable } from '@kyoka/postgres';
import {
  databaseForTests,
  describeWithKafka,
  eventually,
  isAlive,
  type ModuleProcess,
  spawnModule,
  type TestDatabase,
  uniqueName,
} from '@kyoka/testing';
import { createKafka, ensureTopics } from '@kyoka/transport';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTopics } from '../leaks/read-topics.js';

const KEYS = 7;
const WRITERS = 4;
const RELAYS = 4;

await describeWithKafka('relays of one outbox', (kafka) => {
  const client = createKafka({ brokers: kafka.brokers, clientId: 'relay-test' });
  const topic = uniqueName('relayed');
  const children: ModuleProcess[] = [];
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await databaseForTests();
    pool = await openPool(database.url, {
      role: 'kyoka_permissions',
      max: WRITERS + 1,
      applicationName: 'relay-test',
    });
    const settings = {
      name: topic,
      direction: 'out',
      retentionMs: null,
      compacted: false,
    } as const;
    await ensureTopics(client, [{ ...settings, partitions: 3 }]);
  });
  afterAll(async () => {
    for (const child of children) if (isAlive(child.pid)) child.signal('SIGKILL');
    await pool.destroy();
    await database.drop();
  });

  async function relay(): Promise<ModuleProcess> {
    const child = await spawnModule(new URL('./relay-process.ts', import.meta.url), {
      args: [kafka.brokers[0] as string, database.url],
    });
    children.push(child);
    expect(await child.message()).toBe('relaying');
    return child;
  }

  it('lose nothing and turn nothing round while one after the other is killed', async () => {
    let stop = false;
    let last = 0;
    const committed = new Map<string, number[]>();
    const write = async () => {
      while (!stop) {
        const key = `k${Math.floor(Math.random() * KEYS)}`;
        await inTransaction(pool, async (tx) => {
          await tx.query('select pg_advisory_xact_lock(hashtext($1))', [key]);
          last += 1;
          const mine = last;
          await tx.query(
            `insert into permissions.outbox (topic, key, type, payload)
             values ($1, $2, 'jp.kyoka.permission.changed.v1', $3)`,
            [topic, key, JSON.stringify({ n: mine })],
          );
          // Some transactions commit long after rows with higher numbers.
          if (mine % 5 === 0) await sleep(15);
          committed.set(key, [...(committed.get(key) ?? []), mine]);
        });
        await sleep(2);
      }
    };
    const relays = await Promise.all(Array.from({ length: RELAYS }, relay));
    const writing = Promise.all(Array.from({ length: WRITERS }, write));
    for (const victim of relays.slice(1)) {
      const before = last;
      await eventually('the writers went on', () => last > before + 60);
      victim.signal('SIGKILL');
      await victim.ended;
    }
    stop = true;
    await writing;
    await eventually('the outbox is empty', async () => {
      const rows = await queryable(pool).query('select id from permissions.outbox limit 1');
      return rows.length === 0;
    });

    const arrived = new Map<string, number[]>();
    const records = (await readTopics(client, [topic])).toSorted(
      (a, b) => Number(a.offset) - Number(b.offset),
    );
    for (const { message } of records) {
      const key = String(message.key);
      const { n } = JSON.parse(String(message.value)) as { n: number };
      const before = arrived.get(key) ?? [];
      if (!before.includes(n)) arrived.set(key, [...before, n]);
    }
    expect(last).toBeGreaterThan(100);
    expect(Object.fromEntries(arrived)).toEqual(Object.fromEntries(committed));
  }, 180_000);
});
