import { eventually, uniqueName } from '@kyoka/testing';
import type { Kafka, KafkaMessage } from 'kafkajs';

export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly message: KafkaMessage;
}

/** Everything that these topics hold now; without names, every topic of the broker but its own. */
export async function readTopics(
  kafka: Kafka,
  wanted?: readonly string[],
): Promise<readonly TopicRecord[]> {
  const admin = kafka.admin();
  await admin.connect();
  const names = wanted ?? (await admin.listTopics()).filter((name) => !name.startsWith('__'));
  let expected = 0;
  for (const name of names) {
    for (const { high, low } of await admin.fetchTopicOffsets(name)) {
      expected += Number(high) - Number(low);
    }
  }
  await admin.disconnect();
  const records: TopicRecord[] = [];
  if (expected === 0) return records;
  const consumer = kafka.consumer({ groupId: uniqueName('reader'), maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...names], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      records.push({ topic, partition, offset: message.offset, message });
    },
  });
  await eventually('the topics are read', () => records.length >= expected);
  await consumer.disconnect();
  return records;
}
