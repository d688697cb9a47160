import { openPool, queryable } from '@kyoka/postgres';
import { createKafka, createKafkaProducer, ensureTopics } from '@kyoka/transport';
import {
  databaseForTests,
  describeWithKafka,
  eventually,
  spawnModule,
  uniqueName,
  type ModuleProcess,
  type TestDatabase,
} from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

const PARTITIONS = 3;
const RECORDS = 3_000;
const CHUNK = 100;

await describeWithKafka('a consumer process', (kafka) => {
  const client = createKafka({ brokers: kafka.brokers, clientId: 'processes-test' });
  let database: TestDatabase;
  let pool: Awaited<ReturnType<typeof openPool>>;
  let topic: string;
  let group: string;
  const children: ModuleProcess[] = [];

  beforeAll(async () => {
    database = await databaseForTests({ migrated: false });
    pool = await openPool(database.url, { max: 2, applicationName: 'processes-test' });
  });
  afterAll(async () => {
    await pool.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    [topic, group] = [uniqueName('topic'), uniqueName('group')];
    await queryable(pool).query('DROP TABLE IF EXISTS seen');
    await queryable(pool).query('CREATE TABLE seen (partition int, pos bigint)');
    const out = {
      name: topic,
      direction: 'out',
      partitions: PARTITIONS,
      retentionMs: null,
      compacted: false,
    } as const;
    await ensureTopics(client, [out]);
    const producer = await createKafkaProducer(client);
    const records = Array.from({ length: RECORDS }, (_, n) => ({
      key: `k${n}`,
      value: String(n),
      headers: {},
    }));
    await producer.send(topic, records);
    await producer.close();
  });
  afterEach(async () => {
    for (const child of children) child.signal('SIGKILL');
    await Promise.all(children.splice(0).map(({ ended }) => ended));
  });

  async function consume(): Promise<ModuleProcess> {
    const child = await spawnModule(new URL('./consumer-process.ts', import.meta.url), {
      args: [kafka.brokers[0] as string, topic, group, database.url],
    });
    expect(await child.message()).toBe('listening');
    children.push(child);
    return child;
  }

  async function count(): Promise<{ all: number; distinct: number }> {
    const [row] = await queryable(pool).query<{ all: number; distinct: number }>(
      'SELECT count(*)::int AS all, count(DISTINCT (partition, pos))::int AS distinct FROM seen',
    );
    return row as { all: number; distinct: number };
  }

  const all = () =>
    eventually('every record is seen', async () => (await count()).distinct === RECORDS);

  async function halfway(): Promise<void> {
    await eventually('some are seen', async () => (await count()).all > CHUNK * 5);
  }

  it('that is killed loses nothing and repeats at most the chunk in hand', async () => {
    const first = await consume();
    await halfway();
    first.signal('SIGKILL');
    await first.ended;
    children.splice(0);
    const before = await count();
    expect(before.distinct).toBeLessThan(RECORDS);
    await consume();
    await all();
    const { all: rows } = await count();
    expect(rows - RECORDS).toBeLessThanOrEqual(CHUNK);
  });

  it('that is asked to end finishes its chunk, commits it and exits with 0', async () => {
    const first = await consume();
    await halfway();
    first.signal('SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    children.splice(0);
    const before = await count();
    expect(before.distinct).toBeLessThan(RECORDS);
    await consume();
    await all();
    expect((await count()).all).toBe(RECORDS);
  });

  it('shares partitions with others that come and go, without loss or repetition', async () => {
    const first = await consume();
    await halfway();
    await consume();
    first.signal('SIGTERM');
    await first.ended;
    children.splice(0, 1);
    await all();
    expect((await count()).all).toBe(RECORDS);
  });
});
