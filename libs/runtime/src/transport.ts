import type { Settings } from '@kyoka/config';
import { DAY, HOUR } from '@kyoka/kernel';
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
import { collect, set } from '@kyoka/telemetry';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { ProcessParts } from './process-parts.js';
import type { RunningProcess } from './process.js';

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
/** Below what the end of a process leaves to one part. */
const DRAIN_SHARE = 0.6;

/**
 * How long a consumer may take to leave its group. After a broker has come back it may wait longer than
 * that to be let in again; it has no record in hand then, so giving up is a good end.
 */
export const consumerDrainMs = ({ drainMs }: Pick<Settings, 'drainMs'>): number =>
  drainMs * DRAIN_SHARE;

/** The consumer group of every process that takes events in. */
export const INTAKE_GROUP = 'kyoka-intake';

/** Kafka where brokers are set; without, the same handlers are fed in process. */
export async function openTransport({
  settings,
  closing,
  onFatal,
}: Pick<RunningProcess, 'settings' | 'closing' | 'onFatal'>): Promise<Transport> {
  const { kafkaBrokers: brokers, intakeBatch: chunk } = settings;
  if (brokers === undefined) {
    const strategy = new InProcessStrategy({ onFatal, chunk });
    return { strategy, producer: strategy.producer, inProcess: true, lag: async () => 0 };
  }
  const kafka = createKafka({ brokers, clientId: 'kyoka-standalone' });
  await ensureTopics(kafka);
  const producer = await createKafkaProducer(kafka);
  closing.add('kafka producer', () => producer.close());
  const strategy = new KafkaBatchStrategy({
    kafka,
    groupId: INTAKE_GROUP,
    onFatal,
    chunk,
    drainMs: consumerDrainMs(settings),
  });
  const lag = gaugeConsumer(kafka, strategy, { closing });
  return { strategy, producer, inProcess: false, lag };
}

/**
 * Keeps the gauges of the consumer of the input topics.
 *
 * @returns asks the broker how many records wait for the whole group
 */
export function gaugeConsumer(
  kafka: ReturnType<typeof createKafka>,
  strategy: CustomTransportStrategy,
  { closing }: Pick<RunningProcess, 'closing'>,
): () => Promise<number> {
  const inputs = TOPICS.filter(({ direction }) => direction === 'in').map(({ name }) => name);
  const lag = () => consumerLag(kafka, INTAKE_GROUP, inputs);
  const connected = statusOf(strategy);
  const end = collect('consumer', async () => {
    set('kyoka_consumer_connected', {}, connected() ? 1 : 0);
    set('kyoka_consumer_lag', {}, await lag());
  });
  closing.add('consumer gauges', async () => end());
  return lag;
}

/** An outbox: the schema whose table it is, and a pool that may read and delete there. */
export interface Outbox {
  readonly schema: string;
  readonly pool: Pool;
}

/** Relays an outbox to Kafka; without, it keeps events for as long as topics would. */
export function startOutbox(
  { schema, pool }: Outbox,
  { producer, inProcess }: Pick<Transport, 'producer' | 'inProcess'>,
  { clock, closing, log }: ProcessParts,
): void {
  const onFault = (fault: unknown) => log.error('outbox_failed', { context: schema, fault });
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

/** Whether a transport is connected. */
export function statusOf(strategy: CustomTransportStrategy): () => boolean {
  let status: unknown;
  (
    strategy as { status?: { subscribe(next: (value: unknown) => void): unknown } }
  ).status?.subscribe((value) => {
    status = value;
  });
  return () => status === 'connected';
}
