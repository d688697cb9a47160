import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { newTopic } from './ensure-topics.js';
import { toTransportError } from './kafka-errors.js';
import { type Durability, topicConfig } from './topic-config.js';
import { TOPICS, type TopicSettings } from './topics.js';

/** A setting of a topic that is not as it should be. `is` is what it was before. */
interface TopicDifference {
  readonly setting: string;
  readonly is: string;
  readonly wanted: string;
}

/** `differs`: what can't be changed without moving the records of a key to another partition, or copies. */
export interface TopicReport {
  readonly topic: string;
  readonly state: 'created' | 'unchanged' | 'changed' | 'differs';
  readonly differences: readonly TopicDifference[];
}

/**
 * Creates the topics that are missing and sets what is set otherwise; tells each, in the order given.
 *
 * @param onlyTell whether to change nothing: a missing topic is then told as `differs`
 * @throws KyokaError `kafka_unavailable`, `config_invalid`
 */
export async function applyTopics(
  kafka: Kafka,
  {
    topics = TOPICS,
    durability = {},
    onlyTell = false,
  }: {
    readonly topics?: readonly TopicSettings[];
    readonly durability?: Durability;
    readonly onlyTell?: boolean;
  } = {},
): Promise<TopicReport[]> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !present.has(name));
    if (missing.length > 0 && !onlyTell) {
      await admin.createTopics({
        topics: missing.map((topic) => newTopic(topic, durability)),
        waitForLeaders: true,
      });
    }
    const there = topics.filter(({ name }) => present.has(name));
    const states = await statesOf(admin, there);
    const reports: TopicReport[] = [];
    for (const topic of topics) {
      const state = states.get(topic.name);
      reports.push(
        state === undefined
          ? made(topic, onlyTell)
          : await settle(admin, topic, { state, durability, onlyTell }),
      );
    }
    return reports;
  } catch (fault) {
    throw toTransportError(fault);
  } finally {
    await admin.disconnect();
  }
}

const made = ({ name }: TopicSettings, onlyTell: boolean): TopicReport =>
  onlyTell
    ? {
        topic: name,
        state: 'differs',
        differences: [{ setting: 'topic', is: 'missing', wanted: 'there' }],
      }
    : { topic: name, state: 'created', differences: [] };

interface TopicState {
  readonly partitions: number;
  readonly replication: number;
  /** Every setting. */
  readonly config: ReadonlyMap<string, string>;
  /** Those that are set on the topic itself. */
  readonly own: ReadonlyMap<string, string>;
}

async function statesOf(
  admin: Admin,
  topics: readonly TopicSettings[],
): Promise<Map<string, TopicState>> {
  if (topics.length === 0) return new Map();
  const names = topics.map(({ name }) => name);
  const metadata = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const topic = metadata.topics.find(({ name }) => name === resourceName);
      const entries = configEntries.map((entry) => [entry.configName, entry.configValue] as const);
      const own = configEntries.filter(
        ({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG,
      );
      return [
        resourceName,
        {
          partitions: topic?.partitions.length ?? 0,
          replication: topic?.partitions[0]?.replicas.length ?? 0,
          config: new Map(entries),
          own: new Map(own.map((entry) => [entry.configName, entry.configValue])),
        },
      ];
    }),
  );
}

interface Settling {
  readonly state: TopicState;
  readonly durability: Durability;
  readonly onlyTell: boolean;
}

async function settle(
  admin: Admin,
  topic: TopicSettings,
  { state, durability, onlyTell }: Settling,
): Promise<TopicReport> {
  const wanted = topicConfig(topic, durability);
  const changes = [...wanted].flatMap(([setting, value]) => {
    const is = state.config.get(setting) ?? '';
    return is === value ? [] : [{ setting, is, wanted: value }];
  });
  const fixed = [
    ...unlike('partitions', state.partitions, topic.partitions),
    ...unlike('replication', state.replication, durability.replication),
  ];
  if (changes.length > 0 && !onlyTell) {
    // kafkajs has the call that replaces all of a topic's own settings, so those of others go along.
    const entries = new Map([...state.own, ...wanted]);
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic.name,
          configEntries: [...entries].map(([name, value]) => ({ name, value })),
        },
      ],
    });
  }
  const differs = fixed.length > 0 || (onlyTell && changes.length > 0);
  const changed = changes.length > 0 ? 'changed' : 'unchanged';
  return {
    topic: topic.name,
    state: differs ? 'differs' : changed,
    differences: [...changes, ...fixed],
  };
}

const unlike = (setting: string, is: number, wanted: number | undefined): TopicDifference[] =>
  wanted === undefined || is === wanted
    ? []
    : [{ setting, is: String(is), wanted: String(wanted) }];
