import type { Settings } from '@kyoka/config';
import { type Clock, DAY, HOUR, type KyokaError } from '@kyoka/kernel';
import type { Log } from '@kyoka/logging';
import type { Pool } from '@kyoka/postgres';
import {
  consumerLag,
  createKafka,
  createKafkaProducer,
  ensureTopics,
  InProcessStrategy,
  KafkaBatchStrategy,
  OutboxRelay,
  type Producer,
  pruneOutbox,
  TOPICS,
} from '@kyoka/transport';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Closing } from './closing.js';

/** How events come in and go out. */
export interface Transport {
  readonly strategy: CustomTransportStrategy;
  /** Where publishers send: Kafka, or the handlers of this process. */
  readonly producer: Producer;
  /** Whether records stay in this process; what is sent is then handled once the producer answers. */
  readonly inProcess: boolean;
  /** How many records that were sent have not been handled yet. */
  readonly lag: () => Promise<number>;
}

const OUTBOX_KEPT_MS = 14 * DAY;
const SCHEMAS = ['permissions', 'audiences'] as const;
const GROUP = 'kyoka-intake';

/** Kafka where brokers are set; without, the same handlers are fed in process. */
export async function openTransport(
  settings: Settings,
  { closing, onFatal }: { closing: Closing; onFatal: (fault: KyokaError) => void },
): Promise<Transport> {
  const { kafkaBrokers: brokers, intakeBatch: chunk } = settings;
  if (brokers === undefined) {
    const strategy = new InProcessStrategy({ onFatal, chunk });
    return { strategy, producer: strategy.producer, inProcess: true, lag: async () => 0 };
  }
  const kafka = createKafka({ brokers, clientId: 'kyoka-standalone' });
  await ensureTopics(kafka);
  const producer = await createKafkaProducer(kafka);
  closing.add('kafka producer', () => producer.close());
  const strategy = new KafkaBatchStrategy({ kafka, groupId: GROUP, onFatal, chunk });
  const inputs = TOPICS.filter(({ direction }) => direction === 'in').map(({ name }) => name);
  const lag = () => consumerLag(kafka, GROUP, inputs);
  return { strategy, producer, inProcess: false, lag };
}

/** Relays both outboxes to Kafka; without, they keep events for as long as topics would. */
export function startOutboxes(
  { producer, inProcess }: Transport,
  {
    pools,
    clock,
    closing,
    log,
  }: {
    pools: Readonly<Record<(typeof SCHEMAS)[number], Pool>>;
    clock: Clock;
    closing: Closing;
    log: Log;
  },
): void {
  for (const schema of SCHEMAS) {
    const onFault = (fault: unknown) => log.error('outbox_failed', { context: schema, fault });
    const pool = pools[schema];
    if (inProcess) {
      const prune = () =>
        pruneOutbox(pool, schema, clock() - OUTBOX_KEPT_MS).then(() => undefined, onFault);
      void prune();
      const timer = setInterval(() => void prune(), HOUR);
      closing.add(`${schema} outbox`, async () => clearInterval(timer));
    } else {
      const relay = new OutboxRelay({ pool, schema, producer, onFault });
      relay.start();
      closing.add(`${schema} relay`, () => relay.stop());
    }
  }
}
