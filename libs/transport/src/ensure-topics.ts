import { KyokaError } from '@kyoka/kernel';
import kafkajs, { type Admin, type ITopicConfig, type Kafka } from 'kafkajs';
import { toTransportError } from './kafka-errors.js';
import { type Durability, topicConfig } from './topic-config.js';
import { INPUT_RETENTION_LIMIT_MS, TOPICS, type TopicSettings } from './topics.js';

/**
 * Creates the topics that are missing, with the broker's default number of replicas, and checks that
 * no input topic of somebody else's making keeps records for longer than 14 days, or with the time that
 * their publisher says: an event arrives when the broker has it, whatever its publisher's clock.
 *
 * @throws KyokaError `config_invalid` naming such a topic; `kafka_unavailable`
 */
export async function ensureTopics(
  kafka: Kafka,
  topics: readonly TopicSettings[] = TOPICS,
): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !present.has(name));
    if (missing.length > 0) {
      await admin.createTopics({
        topics: missing.map((topic) => newTopic(topic)),
        waitForLeaders: true,
      });
    }
    await requireSettings(
      admin,
      topics.filter(({ name, direction }) => direction === 'in' && present.has(name)),
    );
  } catch (fault) {
    throw toTransportError(fault);
  } finally {
    await admin.disconnect();
  }
}

/**
 * Checks that every topic is there, and the input topics as {@link ensureTopics} does. For a service,
 * whose topics a command of its operator makes.
 *
 * @throws KyokaError `config_invalid` naming what is missing or wrong; `kafka_unavailable`
 */
export async function requireTopics(
  kafka: Kafka,
  topics: readonly TopicSettings[] = TOPICS,
): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !present.has(name));
    if (missing.length > 0) {
      throw new KyokaError('config_invalid', 'topics are missing: kyoka topics makes them', {
        faults: missing.map(({ name }) => ({ field: 'KAFKA_BROKERS', expected: name })),
      });
    }
    await requireSettings(
      admin,
      topics.filter(({ direction }) => direction === 'in'),
    );
  } catch (fault) {
    throw toTransportError(fault);
  } finally {
    await admin.disconnect();
  }
}

/** A topic as kafkajs creates it, with the broker's default number of replicas unless one is given. */
export function newTopic(topic: TopicSettings, durability: Durability = {}): ITopicConfig {
  const { replication } = durability;
  return {
    topic: topic.name,
    numPartitions: topic.partitions,
    ...(replication !== undefined && { replicationFactor: replication }),
    configEntries: [...topicConfig(topic, durability)].map(([name, value]) => ({ name, value })),
  };
}

async function requireSettings(admin: Admin, topics: readonly TopicSettings[]): Promise<void> {
  if (topics.length === 0) return;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  for (const { resourceName, configEntries } of resources) {
    const setting = (key: string) =>
      configEntries.find(({ configName }) => configName === key)?.configValue;
    const retention = Number(setting('retention.ms'));
    const kept =
      retention + Number(setting('segment.ms')) <= INPUT_RETENTION_LIMIT_MS && retention >= 0;
    if (!kept || setting('cleanup.policy') !== 'delete') {
      throw new KyokaError('config_invalid', `the topic ${resourceName} keeps records too long`, {
        faults: [
          {
            field: `${resourceName}: retention.ms + segment.ms`,
            expected: 'at most 14 days together, with cleanup.policy delete',
          },
        ],
      });
    }
    if (setting('message.timestamp.type') !== 'LogAppendTime') {
      throw new KyokaError('config_invalid', `the topic ${resourceName} keeps no time of arrival`, {
        faults: [{ field: `${resourceName}: message.timestamp.type`, expected: 'LogAppendTime' }],
      });
    }
  }
}
