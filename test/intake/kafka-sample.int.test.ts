import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openJournal } from '@kyoka/evidence';
import { createIntake, vocabularyOf } from '@kyoka/intake';
import { type Instant, parseInstant } from '@kyoka/kernel';
import { readPolicySet } from '@kyoka/permission-store';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { expectedCounts, sampleCompany, sampleContacts } from '@kyoka/sample';
import {
  type Broker,
  consoleConsumer,
  databaseForTests,
  describeWithKafka,
  eventually,
  isAlive,
  type ModuleProcess,
  spawnModule,
  type TestDatabase,
} from '@kyoka/testing';
import {
  consumerLag,
  createKafka,
  createKafkaProducer,
  ensureTopics,
  OutboxRelay,
  TOPICS,
} from '@kyoka/transport';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dumpDatabase } from '../leaks/dump-database.js';
import { type Leak, leakScanner } from '../leaks/leak-scan.js';
import { kindOf, plantedOf } from '../leaks/planted.js';
import { readTopics } from '../leaks/read-topics.js';
import { copyPublishers, disturbed, readyEvents, type ReadyEvent } from './company.js';
import { type Harness, openHarness } from './harness.js';
import { commitEverything, committedTooEarly, storedStates, toldStates } from './kafka-checks.js';
import type { IntakeProcessSettings } from './intake-process.js';
import { inboxCounts, parkedCounts } from './counts.js';
import { statesOf } from './states.js';

const NOW = parseInstant('2026-11-20T10:00:00+09:00') as Instant;
const COMPANY = sampleCompany({ seed: 20261120, now: NOW, people: 600 });
const GROUP = 'kyoka-intake';
const CHUNK = 20;
const INPUTS = TOPICS.filter(({ direction }) => direction === 'in').map(({ name }) => name);

await describeWithKafka('the sample company over a real broker', (kafka) => {
  let broker: Broker;
  /** Holds the keys that both feeds share, and the database that is fed in process. */
  let inProcess: Harness;
  let database: TestDatabase;
  let pool: Pool;
  let db: Queryable;
  let events: readonly ReadyEvent[];
  const children: ModuleProcess[] = [];

  async function consumer(
    writer: string,
    settings: Partial<IntakeProcessSettings> = {},
  ): Promise<ModuleProcess> {
    const all: IntakeProcessSettings = {
      broker: broker.address,
      groupId: GROUP,
      databaseUrl: database.url,
      keyDir: join(inProcess.folder, 'keys'),
      journalDir: join(inProcess.folder, 'kafka-journal'),
      writer,
      now: NOW,
      chunk: CHUNK,
      tries: 4,
      ...settings,
    };
    const child = await spawnModule(new URL('./intake-process.ts', import.meta.url), {
      args: [JSON.stringify(all)],
    });
    children.push(child);
    expect(await child.message()).toBe('listening');
    return child;
  }

  const client = () => createKafka({ brokers: [broker.address], clientId: 'kafka-sample-test' });
  const entered = async () =>
    (await db.query<{ n: number }>('select count(*)::int as n from intake.event'))[0]?.n ?? 0;
  const untilEntered = (least: number) =>
    eventually(`${least} events are in`, async () => (await entered()) >= least, {
      withinMs: 60_000,
    });

  async function lag(): Promise<number> {
    return consumerLag(client(), GROUP, INPUTS);
  }

  beforeAll(async () => {
    const own = await kafka.ownBroker();
    if (own === undefined) return;
    broker = own;
    inProcess = await openHarness();
    database = await databaseForTests();
    pool = await openPool(database.url, {
      role: 'kyoka_permissions',
      max: 4,
      applicationName: 'kafka-sample-test',
    });
    db = queryable(pool);
    events = await readyEvents(COMPANY, inProcess, NOW);
    await copyPublishers(inProcess.db, database);
  });
  afterAll(async () => {
    for (const child of children) if (isAlive(child.pid)) child.signal('SIGKILL');
    await pool?.destroy();
    await database?.drop();
    await inProcess?.close();
    await broker?.kill('SIGKILL');
  });

  it('ends as the feed in process does, with a killed, a stopped, a broken and a paused consumer, duplicates and another order', async ({
    skip,
  }) => {
    if (broker === undefined) return skip('needs a broker of its own: Java and Maven');
    await ensureTopics(client());
    const vocabulary = vocabularyOf(await readPolicySet('deploy'));
    const clock = () => NOW;

    // In process, in the order of arrival.
    const direct = createIntake({ ...inProcess.ports, clock, vocabulary: () => vocabulary });
    for (let from = 0; from < events.length; from += 500) {
      await direct.ingest(events.slice(from, from + 500).map(({ raw }) => raw));
    }

    // Over Kafka, in another order, a fifth of it twice.
    const sent = disturbed(events, { seed: 7, twice: 0.2 });
    const producer = await createKafkaProducer(client());
    for (const [topic, group] of Map.groupBy(sent, (event) => event.topic)) {
      if (topic !== undefined) {
        await producer.send(
          topic,
          group.flatMap(({ record }) => record ?? []),
        );
      }
    }
    const records = await readTopics(client(), INPUTS);
    const tooEarly = (group: string) => committedTooEarly(client(), db, group, records);
    // Control: of a group that commits before it has done anything.
    await commitEverything(client(), 'control', INPUTS);
    expect((await tooEarly('control')).length).toBeGreaterThan(2_000);
    const journal = await openJournal({
      dir: join(inProcess.folder, 'kafka-journal'),
      writer: 'http',
    });
    const posted = createIntake({
      ...inProcess.ports,
      pool,
      journal,
      journalWriter: 'http',
      clock,
      vocabulary: () => vocabulary,
    });
    await posted.ingest(sent.filter(({ topic }) => topic === undefined).map(({ raw }) => raw));
    await journal.close();

    const killed = await consumer('one');
    await untilEntered(500);
    killed.signal('SIGKILL');
    await killed.ended;
    expect(await lag()).toBeGreaterThan(500);
    expect(await tooEarly(GROUP)).toEqual([]);

    const drained = await consumer('one');
    await untilEntered(1_000);
    drained.signal('SIGTERM');
    expect(await drained.ended).toEqual({ code: 0, signal: null });
    expect(await lag()).toBeGreaterThan(500);
    expect(await tooEarly(GROUP)).toEqual([]);

    // A database that refuses is no passing fault: the process must end and say so.
    await ownerSays(database, 'revoke insert on permissions.ledger from kyoka_permissions');
    const broken = await consumer('one', { tries: 2 });
    expect(await broken.ended).toEqual({ code: 70, signal: null });
    await ownerSays(database, 'grant insert on permissions.ledger to kyoka_permissions');
    expect(await tooEarly(GROUP)).toEqual([]);

    const paused = await consumer('one');
    await untilEntered(1_500);
    await pauseOutsideTransaction(paused, db, 'one');
    const other = await consumer('two');
    await untilEntered(2_000);
    paused.signal('SIGCONT');
    await eventually('everything is consumed', async () => (await lag()) === 0, {
      withinMs: 60_000,
    });
    paused.signal('SIGTERM');
    other.signal('SIGTERM');
    expect(await Promise.all([paused.ended, other.ended])).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);

    const expected = expectedCounts(COMPANY);
    expect(await inboxCounts(db)).toEqual(await inboxCounts(inProcess.db));
    expect((await inboxCounts(db)).accepted).toBe(expected.accepted);
    const parked = Object.fromEntries(
      Object.entries(expected)
        .filter(([outcome]) => outcome.startsWith('parked/'))
        .map(([outcome, count]) => [outcome.slice('parked/'.length), count]),
    );
    expect(await parkedCounts(db)).toEqual(parked);
    expect(await parkedCounts(inProcess.db)).toEqual(parked);
    expect(await statesOf(db)).toEqual(await inProcess.states());
    const acts = `select act, count(*)::int from permissions.ledger group by act order by act`;
    expect(await db.query(acts)).toEqual(await inProcess.db.query(acts));
    const stops = 'select id from permissions.stop_act order by id';
    expect(await db.query(stops)).toEqual(await inProcess.db.query(stops));

    // What other services are told ends at what is stored.
    const relay = new OutboxRelay({
      pool,
      schema: 'permissions',
      producer,
      onFault: (fault) => expect(fault).toBeUndefined(),
    });
    while ((await relay.relayOnce()) > 0);
    await producer.close();
    expect(await toldStates(client())).toEqual(await storedStates(db));
  }, 600_000);

  it('tells a Java consumer of the permissions the same, tombstones included', async ({ skip }) => {
    if (broker === undefined) return skip('needs a broker of its own: Java and Maven');
    const topic = 'kyoka.permissions.v1';
    await db.query(
      `insert into permissions.outbox (topic, key, type, payload)
       select $1, id::text, 'jp.kyoka.permission.changed.v1', 'null' from permissions.subject limit 3`,
      [topic],
    );
    const producer = await createKafkaProducer(client());
    const onFault = (fault: unknown) => expect(fault).toBeUndefined();
    await new OutboxRelay({ pool, schema: 'permissions', producer, onFault }).relayOnce();
    await producer.close();

    const records = await readTopics(client(), [topic]);
    expect(records.length).toBeGreaterThan(500);
    expect(records.filter(({ message }) => message.value === null)).toHaveLength(3);
    const told = records.map(({ partition, offset, message: { timestamp, headers, key, value } }) =>
      [
        `CreateTime:${timestamp}`,
        `Partition:${partition}`,
        `Offset:${offset}`,
        Object.entries(headers ?? {})
          .map(([name, header]) => `${name}:${String(header)}`)
          .join(','),
        String(key),
        value === null ? 'NULL' : String(value),
      ].join('\t'),
    );
    const read = await consoleConsumer(broker.address, { topic, count: records.length });
    expect(read.toSorted()).toEqual(told.toSorted());
  }, 60_000);

  it('left no contact of the sample in the database, the topics, the data of the broker, the journal', async ({
    skip,
  }) => {
    if (broker === undefined) return skip('needs a broker of its own: Java and Maven');
    // What a publisher sent in the clear by mistake lies in the input topic, and nowhere else.
    const [open, others] = [true, false].map((isOpen) =>
      sampleContacts({
        ...COMPANY,
        events: COMPANY.events.filter(({ damage }) => (damage === 'contact_in_clear') === isOpen),
      }),
    ) as [string[], string[]];
    const planted = plantedOf(others.filter((value) => !open.includes(value)));
    const opened = open.map((value, n) => ({ name: `open ${n}`, kind: kindOf(value), value }));
    const scanner = leakScanner([...planted, ...opened]);
    const hidden = (leaks: readonly Leak[]) => leaks.filter(({ name }) => !name.startsWith('open'));

    const dump = await dumpDatabase(database.url);
    const contacts = dump.find(({ name }) => name === 'permissions.contact_point');
    expect(contacts?.rows).toBeGreaterThan(600);
    expect(dump.flatMap(({ name, text }) => scanner.scanText(text, name))).toEqual([]);

    const records = await readTopics(client());
    const text = records.map(({ message }) => String(message.value)).join('\n');
    expect(records.length).toBeGreaterThan(4_000);
    const found = scanner.scanText(text, 'topics');
    expect(hidden(found)).toEqual([]);
    expect(found).not.toEqual([]);

    // Indexes are made large and empty, and hold offsets only.
    const files = await scanner.scanFolder(broker.folder, { leaveOut: /index$/ });
    expect(files.bytes).toBeGreaterThan(1_000_000);
    expect(hidden(files.leaks)).toEqual([]);
    expect(files.leaks).not.toEqual([]);
    for (const folder of ['journal', 'kafka-journal', 'keys']) {
      expect((await scanner.scanFolder(join(inProcess.folder, folder))).leaks).toEqual([]);
    }
  }, 120_000);
});

async function ownerSays(database: TestDatabase, sql: string): Promise<void> {
  const owner = await openPool(database.url, { max: 1, applicationName: 'kafka-sample-owner' });
  await queryable(owner).query(sql);
  await owner.destroy();
}

/** Stops a process at a moment when it holds no lock, as a suspended machine mostly would. */
async function pauseOutsideTransaction(
  child: ModuleProcess,
  db: Queryable,
  applicationName: string,
): Promise<void> {
  await eventually('the process pauses between two transactions', async () => {
    child.signal('SIGSTOP');
    await sleep(50);
    const open = await db.query(
      `select from pg_stat_activity
       where application_name = $1 and datname = current_database() and xact_start is not null`,
      [applicationName],
    );
    if (open.length === 0) return true;
    child.signal('SIGCONT');
    return false;
  });
}
