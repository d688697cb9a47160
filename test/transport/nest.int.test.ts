import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload, type CustomTransportStrategy } from '@nestjs/microservices';
import {
  type BatchContext,
  createKafka,
  createKafkaProducer,
  ensureTopics,
  InProcessStrategy,
  KafkaBatchStrategy,
  TOPICS,
  type BatchResult,
  type InboundRecord,
  type Producer,
} from '@kyoka/transport';
import { describeWithKafka, eventually, uniqueName } from '@kyoka/testing';
import { beforeEach, describe, expect, it } from 'vitest';

const seen: string[] = [];
let throwOnce = false;

@Controller()
class Batches {
  @EventPattern(['kyoka.consents.v1', 'kyoka.orders.v1'])
  take(@Payload() records: InboundRecord[], @Ctx() context: BatchContext): Promise<BatchResult> {
    if (throwOnce) {
      throwOnce = false;
      throw new TypeError('once');
    }
    seen.push(...records.map(({ key }) => `${context.topic} ${String(key)}`));
    return Promise.resolve({ done: true });
  }
}

@Module({ controllers: [Batches] })
class App {}

async function run(strategy: CustomTransportStrategy, producer: Producer): Promise<void> {
  const app = await NestFactory.createMicroservice(App, { strategy, logger: false });
  await app.listen();
  const [key, other] = [uniqueName('k'), uniqueName('k')];
  throwOnce = true;
  await producer.send('kyoka.consents.v1', [{ key, value: '{}', headers: {} }]);
  await producer.send('kyoka.orders.v1', [{ key: other, value: '{}', headers: {} }]);
  await eventually('both came', () =>
    [`kyoka.consents.v1 ${key}`, `kyoka.orders.v1 ${other}`].every((one) => seen.includes(one)),
  );
  await app.close();
}

beforeEach(() => {
  seen.length = 0;
});

describe('the same NestJS handlers, with a fault that Nest has made unreadable', () => {
  it('are fed in process', async () => {
    const strategy = new InProcessStrategy({ onFatal: (fault) => expect(fault).toBeUndefined() });
    await run(strategy, strategy.producer);
    expect(seen).toHaveLength(2);
  });
});

await describeWithKafka('the same NestJS handlers', (kafka) => {
  it('are fed by Kafka', async () => {
    const client = createKafka({ brokers: kafka.brokers, clientId: 'nest-test' });
    await ensureTopics(client, TOPICS);
    const producer = await createKafkaProducer(client);
    const strategy = new KafkaBatchStrategy({
      kafka: client,
      groupId: uniqueName('group'),
      sessionTimeoutMs: 6_000,
      maxWaitMs: 50,
      onFatal: (fault) => expect(fault).toBeUndefined(),
    });
    await run(strategy, producer);
    await producer.close();
  });
});
