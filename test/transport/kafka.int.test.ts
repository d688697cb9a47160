import { setTimeout as sleep } from 'node:timers/promises';
import type { KyokaError } from '@kyoka/kernel';
import {
  createKafka,
  createKafkaProducer,
  ensureTopics,
  KafkaBatchStrategy,
  TOPICS,
  type BatchContext,
  type BatchResult,
  type InboundRecord,
  type KafkaProducer,
  type KafkaStrategyOptions,
  type OutboundRecord,
  type TopicSettings,
} from '@kyoka/transport';
import { describeWithKafka, eventually, uniqueName } from '@kyoka/testing';
import type { Admin, Consumer } from 'kafkajs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

type Handler = (
  records: readonly InboundRecord[],
  context: BatchContext,
) => Promise<BatchResult | undefined>;

const DONE: BatchResult = { done: true };
const SESSION_MS = 2_000;

function aTopic(name: string, changed: Partial<TopicSettings> = {}): TopicSettings {
  return {
    name,
    direction: 'in',
    partitions: 1,
    retentionMs: 86_400_000,
    compacted: false,
    ...changed,
  };
}

function record(n: number, headers: Record<string, string> = {}): OutboundRecord {
  return { key: `k${n}`, value: `{"n":${n}}`, headers };
}

const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => record(from + n));

const numberOf = ({ value }: InboundRecord): number =>
  (JSON.parse(String(value)) as { n: number }).n;

await describeWithKafka('Kafka', (kafka) => {
  const client = createKafka({ brokers: kafka.brokers, clientId: 'kafka-test' });
  let producer: KafkaProducer;
  let admin: Admin;
  let topic: string;
  let groupId: string;
  const strategies: KafkaBatchStrategy[] = [];

  beforeAll(async () => {
    admin = client.admin();
    await admin.connect();
    producer = await createKafkaProducer(client);
  });
  afterAll(async () => {
    await producer.close();
    await admin.disconnect();
  });
  beforeEach(async () => {
    [topic, groupId] = [uniqueName('topic'), uniqueName('group')];
    await ensureTopics(client, [aTopic(topic)]);
  });
  afterEach(() => Promise.all(strategies.splice(0).map((strategy) => strategy.close())));

  async function consume(
    handler: Handler,
    options: Partial<KafkaStrategyOptions> = {},
  ): Promise<{ strategy: KafkaBatchStrategy; faults: KyokaError[]; joins: () => number }> {
    const faults: KyokaError[] = [];
    const strategy = new KafkaBatchStrategy({
      kafka: client,
      groupId,
      sessionTimeoutMs: SESSION_MS,
      maxWaitMs: 50,
      onFatal: (fault) => faults.push(fault),
      ...options,
    });
    strategies.push(strategy);
    let joins = 0;
    const consumer = strategy.unwrap<Consumer>();
    consumer.on(consumer.events.GROUP_JOIN, () => {
      joins += 1;
    });
    strategy.addHandler(topic, handler, true);
    await strategy.listen((fault) => {
      if (fault !== undefined) throw fault as Error;
    });
    return { strategy, faults, joins: () => joins };
  }

  async function committed(): Promise<string | undefined> {
    const [one] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return one?.partitions[0]?.offset;
  }

  describe('a batch', () => {
    it('brings key, value, tombstone, headers and time through unchanged', async () => {
      const seen: InboundRecord[] = [];
      await consume((batch) => {
        seen.push(...batch);
        return Promise.resolve(DONE);
      });
      const before = Date.now();
      await producer.send(topic, [
        record(1, { ce_specversion: '1.0', ce_id: 'e-1', ce_type: 'jp.kyoka.order.placed.v1' }),
        { key: 'k1', value: null, headers: { ce_note: '許可' } },
        { key: null, value: Buffer.from([0, 1, 255]), headers: {} },
      ]);
      await eventually('all came', () => seen.length === 3);
      expect(seen.map(({ key }) => key?.toString())).toEqual(['k1', 'k1', undefined]);
      expect(seen.map(({ value }) => value)).toEqual([
        Buffer.from('{"n":1}'),
        null,
        Buffer.from([0, 1, 255]),
      ]);
      expect(seen[0]?.headers['ce_id']).toEqual([Buffer.from('e-1')]);
      expect(seen[1]?.headers['ce_note']).toEqual([Buffer.from('許可')]);
      expect(seen.map(({ offset }) => offset)).toEqual(['0', '1', '2']);
      expect(seen[0]?.appendedAt).toBeGreaterThanOrEqual(before);
      expect(seen[0]?.appendedAt).toBeLessThanOrEqual(Date.now());
    });

    it('is committed after its handler is done, never before', async () => {
      await producer.send(topic, records(0, 10));
      const finish = Promise.withResolvers<BatchResult>();
      const started = Promise.withResolvers<BatchContext>();
      await consume((_batch, context) => {
        started.resolve(context);
        return finish.promise;
      });
      const context = await started.promise;
      expect(context).toMatchObject({ topic, partition: 0, firstOffset: '0' });
      expect(context.stopping()).toBe(false);
      expect(await committed()).toBe('-1');
      finish.resolve(DONE);
      await eventually('it is committed', async () => (await committed()) === '10');
    });

    it('is cut into chunks, in order', async () => {
      await producer.send(topic, records(0, 25));
      const sizes: number[] = [];
      const seen: number[] = [];
      await consume(
        (batch) => {
          sizes.push(batch.length);
          seen.push(...batch.map(numberOf));
          return Promise.resolve(DONE);
        },
        { chunk: 10 },
      );
      await eventually('all came', () => seen.length === 25);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n));
    });

    it('with a record that its handler parks goes on with the others', async () => {
      await producer.send(topic, [
        record(1),
        { key: 'k2', value: '{"n":', headers: {} },
        record(3),
      ]);
      const [seen, parked]: [number[], string[]] = [[], []];
      await consume((batch) => {
        for (const one of batch) {
          try {
            seen.push(numberOf(one));
          } catch {
            parked.push(one.offset);
          }
        }
        return Promise.resolve(DONE);
      });
      await eventually('it is committed', async () => (await committed()) === '3');
      expect({ seen, parked }).toEqual({ seen: [1, 3], parked: ['1'] });
    });
  });

  describe('a handler', () => {
    it('that asks for another try keeps its partition, and gets the same batch in place', async () => {
      await producer.send(topic, records(0, 5));
      const calls: string[] = [];
      const back = Date.now() + SESSION_MS * 1.5;
      const { joins } = await consume((batch) => {
        calls.push(batch.map(({ offset }) => offset).join());
        return Promise.resolve(Date.now() < back ? { retryAfterMs: 200 } : DONE);
      });
      await eventually('it is committed', async () => (await committed()) === '5');
      expect(calls.length).toBeGreaterThan(3);
      expect(new Set(calls)).toEqual(new Set(['0,1,2,3,4']));
      expect(joins()).toBe(1);
    });

    it('that works for longer than the session keeps its partition by heartbeats', async () => {
      await producer.send(topic, records(0, 2));
      let calls = 0;
      const { joins } = await consume(async (_batch, context) => {
        calls += 1;
        for (let waited = 0; waited < SESSION_MS * 1.5; waited += 200) {
          await sleep(200);
          await context.heartbeat();
        }
        return DONE;
      });
      await eventually('it is committed', async () => (await committed()) === '2');
      expect([calls, joins()]).toEqual([1, 1]);
    });

    it.each<[string, Handler]>([
      ['throws', () => Promise.reject(new TypeError('broken'))],
      ['answers nothing', () => Promise.resolve(undefined)],
    ])(
      'that %s again and again ends the consumer with its offsets untouched',
      async (_, handler) => {
        await producer.send(topic, records(0, 2));
        let calls = 0;
        const { faults, strategy } = await consume(
          (batch, context) => {
            calls += 1;
            return handler(batch, context);
          },
          { patience: { tries: 3, firstWaitMs: 10, longestWaitMs: 20 } },
        );
        const states: string[] = [];
        strategy.status.subscribe((state) => states.push(state));
        await eventually('it gives up', () => faults.length > 0);
        expect(faults.map(({ code }) => code)).toEqual(['internal']);
        expect(calls).toBe(3);
        expect(await committed()).toBe('-1');
        expect(states).toContain('crashed');
      },
    );

    it('is told that the transport stops, and close waits for it', async () => {
      await producer.send(topic, records(0, 2));
      const started = Promise.withResolvers<BatchContext>();
      const { strategy } = await consume(async (_batch, context) => {
        started.resolve(context);
        while (!context.stopping()) await sleep(10);
        await sleep(100);
        return DONE;
      });
      await started.promise;
      await strategy.close();
      expect(await committed()).toBe('2');
    });

    it('that never ends is left behind when the time for draining is over', async () => {
      await producer.send(topic, records(0, 2));
      const [started, end] = [Promise.withResolvers<void>(), Promise.withResolvers<BatchResult>()];
      const { strategy } = await consume(
        () => {
          started.resolve();
          return end.promise;
        },
        { drainMs: 100 },
      );
      await started.promise;
      await strategy.close();
      expect(await committed()).toBe('-1');
      end.resolve(DONE);
    });
  });

  it('a consumer that kafkajs gives up on is reported once, so that the process can end', async () => {
    await producer.send(topic, records(0, 1));
    const { strategy, faults } = await consume(() => Promise.resolve(DONE));
    // kafkajs takes a TypeError for unrecoverable and stops without a word to its caller.
    strategy.getHandlerByPattern = () => {
      throw new TypeError('a defect of ours');
    };
    await producer.send(topic, records(1, 1));
    await eventually('it is reported', () => faults.length > 0);
    await sleep(200);
    expect(faults).toHaveLength(1);
  });

  describe('topics', () => {
    const mine = () => TOPICS.map((one) => ({ ...one, name: `${topic}.${one.name}` }));

    it('are created once, inputs with at most 14 days and the time of the broker', async () => {
      await ensureTopics(client, mine());
      await ensureTopics(client, mine());
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: mine().map(({ name }) => ({ type: 2, name })),
      });
      const settings = Object.fromEntries(
        resources.map(({ resourceName, configEntries }) => [
          resourceName.slice(topic.length + 1),
          ['cleanup.policy', 'retention.ms', 'message.timestamp.type'].map(
            (key) => configEntries.find(({ configName }) => configName === key)?.configValue,
          ),
        ]),
      );
      const day = 86_400_000;
      expect(settings).toMatchObject({
        'kyoka.consents.v1': ['delete', String(12 * day), 'LogAppendTime'],
        'kyoka.permissions.v1': ['compact', '-1', 'CreateTime'],
        'kyoka.checkpoints.v1': ['delete', '-1', 'CreateTime'],
      });
    });

    it.each([
      ['keeps its records for ever', { retentionMs: null }],
      ['keeps its records for 14 days and a segment', { retentionMs: 14 * 86_400_000 }],
      ['is compacted', { compacted: true }],
    ])('an input that %s stops the start', async (_, changed) => {
      const name = uniqueName('input');
      await ensureTopics(client, [aTopic(name, changed)]);
      await expect(ensureTopics(client, [aTopic(name)])).rejects.toMatchObject({
        code: 'config_invalid',
      });
    });

    it("an input that keeps its publishers' times stops the start, and says which setting", async () => {
      const name = uniqueName('input');
      await ensureTopics(client, [aTopic(name, { direction: 'out' })]);
      await expect(ensureTopics(client, [aTopic(name)])).rejects.toMatchObject({
        code: 'config_invalid',
        faults: [{ field: `${name}: message.timestamp.type`, expected: 'LogAppendTime' }],
      });
    });

    it('a record of an input says when the broker had it, one of another topic says nothing', async () => {
      const [input, output] = [uniqueName('input'), uniqueName('output')];
      await ensureTopics(client, [aTopic(input), aTopic(output, { direction: 'out' })]);
      const seen: InboundRecord[] = [];
      const strategy = new KafkaBatchStrategy({
        kafka: client,
        groupId: uniqueName('group'),
        sessionTimeoutMs: 6_000,
        maxWaitMs: 50,
        onFatal: (fault) => expect(fault).toBeUndefined(),
      });
      for (const name of [input, output]) {
        strategy.addHandler(
          name,
          (batch: InboundRecord[]) => {
            seen.push(...batch);
            return Promise.resolve(DONE);
          },
          true,
        );
      }
      await strategy.listen((fault) => expect(fault).toBeUndefined());
      const before = Date.now();
      // A publisher whose clock says 1970.
      const sender = client.producer();
      await sender.connect();
      for (const name of [input, output]) {
        const messages = [{ key: 'k', value: '{"n":1}', timestamp: '1000' }];
        await sender.send({ topic: name, messages });
      }
      await sender.disconnect();
      await eventually('both came', () => seen.length === 2);
      await strategy.close();
      const arrival = new Map(seen.map(({ topic: from, appendedAt }) => [from, appendedAt]));
      expect(arrival.get(output)).toBeUndefined();
      expect(arrival.get(input)).toBeGreaterThanOrEqual(before - 1_000);
    });
  });

  describe('a broker that is killed', () => {
    it('loses nothing that was acknowledged; producer and consumer go on when it is back', async ({
      skip,
    }) => {
      const broker = await kafka.ownBroker();
      if (broker === undefined) return skip('needs Java and Maven');
      const own = createKafka({ brokers: [broker.address], clientId: 'kill-test' });
      const name = uniqueName('topic');
      await ensureTopics(own, [aTopic(name)]);
      const sender = await createKafkaProducer(own);
      const seen: number[] = [];
      const faults: KyokaError[] = [];
      const strategy = new KafkaBatchStrategy({
        kafka: own,
        groupId,
        sessionTimeoutMs: SESSION_MS,
        maxWaitMs: 50,
        onFatal: (fault) => faults.push(fault),
      });
      strategy.addHandler(
        name,
        (batch: InboundRecord[]) => {
          seen.push(...batch.map(numberOf));
          return Promise.resolve(DONE);
        },
        true,
      );
      await strategy.listen((fault) => expect(fault).toBeUndefined());

      let next = 0;
      let unavailable = 0;
      const sendAll = async (until: () => boolean) => {
        while (!until()) {
          try {
            await sender.send(name, records(next, 10));
            next += 10;
          } catch (fault) {
            expect(fault).toMatchObject({ code: 'kafka_unavailable' });
            unavailable += 1;
          }
          await sleep(5);
        }
      };
      let isBack = false;
      const sending = sendAll(() => isBack && next > 400);
      await eventually('some are consumed', () => seen.length > 50);
      await broker.kill('SIGKILL');
      await eventually('a sender notices', () => unavailable > 0);
      await broker.restart();
      isBack = true;
      await sending;
      await eventually('everything acknowledged is consumed', () => new Set(seen).size >= next);
      await strategy.close();
      await sender.close();
      await broker.kill('SIGTERM');
      expect(new Set(seen)).toEqual(new Set(Array.from({ length: next }, (_, n) => n)));
      expect(faults).toEqual([]);
    });
  });

  it('a record above the limit of the broker is refused for good, others are not held up', async () => {
    const large: OutboundRecord = { key: 'k', value: 'x'.repeat(1_200_000), headers: {} };
    await expect(producer.send(topic, [large])).rejects.toMatchObject({ code: 'too_large' });
    const many = Array.from({ length: 40 }, (_, n) => ({
      key: `k${n}`,
      value: 'x'.repeat(100_000),
      headers: {},
    }));
    await producer.send(topic, many);
    const [{ high } = { high: '' }] = await admin.fetchTopicOffsets(topic);
    expect(high).toBe('40');
  });

  it('a broker that refuses connections is a passing fault', async () => {
    const nobody = createKafka({ brokers: ['127.0.0.1:1'], clientId: 'nobody' });
    await expect(createKafkaProducer(nobody)).rejects.toMatchObject({
      code: 'kafka_unavailable',
      retry: 'backoff',
    });
  });
});
