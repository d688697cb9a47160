import type { Settings } from '@kyoka/config';
import {
  createKafka,
  createKafkaProducer,
  KafkaBatchStrategy,
  type Producer,
  requireTopics,
} from '@kyoka/transport';
import type { RunningProcess } from './process.js';
import { consumerDrainMs, gaugeConsumer, INTAKE_GROUP } from './transport.js';

/** What a service sends with: the topics must be there, since `kyoka topics` makes them. */
export async function openProducer(
  { settings, closing }: Pick<RunningProcess, 'settings' | 'closing'>,
  clientId: string,
): Promise<Producer> {
  const kafka = createKafka({ brokers: brokersOf(settings), clientId });
  await requireTopics(kafka);
  const producer = await createKafkaProducer(kafka);
  closing.add('kafka producer', () => producer.close());
  return producer;
}

/** What brings the input topics to the handlers of a service; its processes share the partitions. */
export function inputStrategy(
  { settings, closing, onFatal }: Pick<RunningProcess, 'settings' | 'closing' | 'onFatal'>,
  clientId: string,
): KafkaBatchStrategy {
  const kafka = createKafka({ brokers: brokersOf(settings), clientId });
  const strategy = new KafkaBatchStrategy({
    kafka,
    groupId: INTAKE_GROUP,
    onFatal,
    chunk: settings.intakeBatch,
    sessionTimeoutMs: settings.kafkaSessionMs,
    drainMs: consumerDrainMs(settings),
  });
  gaugeConsumer(kafka, strategy, { closing });
  return strategy;
}

const brokersOf = ({ kafkaBrokers = [] }: Settings): readonly string[] => kafkaBrokers;
