import { setTimeout as sleep } from 'node:timers/promises';
import type { KyokaError } from '@kyoka/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InProcessStrategy,
  type BatchContext,
  type BatchResult,
  type InboundRecord,
  type InProcessOptions,
  type OutboundRecord,
} from './index.js';

type Handler = (records: readonly InboundRecord[], context: BatchContext) => Promise<BatchResult>;

const TOPIC = 'kyoka.orders.v1';
const DONE: BatchResult = { done: true };

function start(handler: Handler, options: Partial<InProcessOptions> = {}) {
  const faults: KyokaError[] = [];
  const strategy = new InProcessStrategy({
    onFatal: (fault) => faults.push(fault),
    patience: { tries: 3, firstWaitMs: 1, longestWaitMs: 2 },
    ...options,
  });
  strategy.addHandler(TOPIC, handler, true);
  strategy.listen((fault) => expect(fault).toBeUndefined());
  return { strategy, faults, send: (all: OutboundRecord[]) => strategy.producer.send(TOPIC, all) };
}

const record = (key: string | null, value: string): OutboundRecord => ({ key, value, headers: {} });

describe('in process', () => {
  it('gives a handler what Kafka would give it', async () => {
    const seen: InboundRecord[] = [];
    const { send } = start((batch, context) => {
      expect(context).toMatchObject({ topic: TOPIC, firstOffset: batch[0]?.offset });
      seen.push(...batch);
      return Promise.resolve(DONE);
    });
    await send([{ key: 'k', value: '許可', headers: { ce_id: 'e-1' } }]);
    await send([{ key: 'k', value: null, headers: {} }]);
    expect(seen).toMatchObject([
      { topic: TOPIC, offset: '0', key: Buffer.from('k'), value: Buffer.from('許可') },
      { topic: TOPIC, offset: '1', key: Buffer.from('k'), value: null },
    ]);
    expect(seen[0]?.headers).toEqual({ ce_id: [Buffer.from('e-1')] });
  });

  it('answers the publisher only after the handler is done', async () => {
    const finish = Promise.withResolvers<BatchResult>();
    const { send } = start(() => finish.promise);
    let isAnswered = false;
    const sending = send([record('k', '1')]).then(() => {
      isAnswered = true;
    });
    await sleep(20);
    expect(isAnswered).toBe(false);
    finish.resolve(DONE);
    await sending;
    expect(isAnswered).toBe(true);
  });

  it('keeps the order of each key, handles everything once, and never exceeds a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), again: fc.boolean() }),
        ),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 10 }),
        async (sent, chunk, queued) => {
          const seen: [string, string][] = [];
          const asked = new Set<string>();
          const { send } = start(
            async (batch) => {
              expect(batch.length).toBeLessThanOrEqual(chunk);
              await Promise.resolve();
              const first = String(batch[0]?.value);
              if (sent[Number(first)]?.again === true && !asked.has(first)) {
                asked.add(first);
                return { retryAfterMs: 1 };
              }
              seen.push(
                ...batch.map(({ key, value }): [string, string] => [String(key), String(value)]),
              );
              return DONE;
            },
            { chunk, queued, partitions: 3 },
          );
          await send(sent.map(({ key }, n) => record(key, String(n))));
          for (const key of 'abcdef') {
            const numbers = (pairs: [string, string][]) =>
              pairs.filter(([one]) => one === key).map(([, n]) => n);
            expect(numbers(seen)).toEqual(
              numbers(sent.map((one, n): [string, string] => [one.key, String(n)])),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('holds a publisher back while the queues are full', async () => {
    const finish = Promise.withResolvers<BatchResult>();
    const { send } = start(() => finish.promise, { queued: 2, chunk: 1, partitions: 1 });
    let pulled = 0;
    function* endless(): Generator<OutboundRecord> {
      for (; pulled < 10; pulled += 1) yield record('k', String(pulled));
    }
    const lazily = { [Symbol.iterator]: endless } as unknown as OutboundRecord[];
    const sending = send(lazily);
    await sleep(20);
    expect(pulled).toBeLessThanOrEqual(2);
    finish.resolve(DONE);
    await sending;
    expect(pulled).toBe(10);
  });

  it('drains what is queued when it closes, then takes nothing more', async () => {
    const seen: string[] = [];
    const { strategy, send } = start(
      async (batch) => {
        await sleep(5);
        seen.push(...batch.map(({ value }) => String(value)));
        return DONE;
      },
      { chunk: 1, partitions: 1 },
    );
    const sending = send(['1', '2', '3'].map((n) => record('k', n)));
    await sleep(1);
    await strategy.close();
    await sending;
    expect(seen).toEqual(['1', '2', '3']);
    await expect(send([record('k', '4')])).rejects.toMatchObject({ code: 'kafka_unavailable' });
  });

  it('tells the publisher of what it could not handle before the time for draining was over', async () => {
    const { strategy, send } = start(() => Promise.resolve({ retryAfterMs: 10_000 }), {
      drainMs: 10,
    });
    const sending = send([record('k', '1')]);
    sending.catch(() => undefined);
    await strategy.close();
    await expect(sending).rejects.toMatchObject({ code: 'kafka_unavailable' });
  });

  it('gives up on a handler that keeps throwing, once, and tells every publisher', async () => {
    const { send, faults } = start(() => Promise.reject(new Error('broken')));
    const outcomes = await Promise.allSettled([
      send([record('a', '1')]),
      send([record('b', '2'), record('c', '3')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(faults.map(({ code }) => code)).toEqual(['internal']);
  });

  it('refuses a topic without a handler, and a topic with two', async () => {
    const { strategy } = start(() => Promise.resolve(DONE));
    await expect(strategy.producer.send('other', [])).rejects.toMatchObject({ code: 'not_found' });
    const twice = new InProcessStrategy({ onFatal: () => undefined });
    twice.addHandler(TOPIC, () => Promise.resolve(DONE), true);
    const head = twice.getHandlers().get(TOPIC);
    twice.addHandler(TOPIC, () => Promise.resolve(DONE), true);
    expect(head?.next).toBeDefined();
    const answers: unknown[] = [];
    twice.listen((fault) => answers.push(fault));
    expect(answers).toMatchObject([{ code: 'config_invalid' }]);
  });
});
