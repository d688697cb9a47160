import type { Kafka } from 'kafkajs';
import { toTransportError } from './kafka-errors.js';

/**
 * How many records of these topics a consumer group has not committed yet.
 *
 * @throws KyokaError `kafka_unavailable`
 */
export async function consumerLag(
  kafka: Kafka,
  groupId: string,
  topics: readonly string[],
): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
    let lag = 0n;
    for (const { topic, partitions } of committed) {
      const offsets = new Map(
        partitions.map(({ partition, offset }) => [partition, BigInt(offset)]),
      );
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        const done = offsets.get(partition) ?? -1n;
        lag += BigInt(high) - (done < BigInt(low) ? BigInt(low) : done);
      }
    }
    return Number(lag);
  } catch (fault) {
    throw toTransportError(fault);
  } finally {
    await admin.disconnect();
  }
}
