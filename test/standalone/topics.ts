import type { Kafka } from 'kafkajs';
import { uniqueName } from '@kyoka/testing';
import { TOPICS } from '@kyoka/transport';

export interface TopicRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Every record that lies in our topics now. */
export async function readTopics(kafka: Kafka): Promise<TopicRecord[]> {
  const topics = TOPICS.map(({ name }) => name);
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) left.set(`${topic}/${partition}`, Number(high));
    }
  }
  await admin.disconnect();

  const records: TopicRecord[] = [];
  const consumer = kafka.consumer({ groupId: uniqueName('reader') });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]);
      records.push({
        topic,
        key: String(message.key ?? ''),
        value: String(message.value ?? ''),
        headers: Object.fromEntries(headers) as Record<string, string>,
      });
      const at = `${topic}/${partition}`;
      if (Number(message.offset) + 1 >= (left.get(at) ?? 0)) left.delete(at);
      if (left.size === 0) resolve();
    },
  });
  await done;
  await consumer.disconnect();
  return records;
}
