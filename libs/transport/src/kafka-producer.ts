import { Partitioners, type Kafka, type Message } from 'kafkajs';
import { toTransportError } from './kafka-errors.js';
import type { OutboundRecord, Producer } from './records.js';

// All records of one request that go to one partition form one batch, and a broker refuses a batch
// above message.max.bytes (1 MiB by default).
const REQUEST_BYTES = 600_000;
const REQUEST_RECORDS = 1_000;
const OVERHEAD_BYTES = 100;

export interface KafkaProducer extends Producer {
  close(): Promise<void>;
}

/**
 * A producer that is idempotent and waits for all in-sync replicas. It partitions keys as the Java
 * client does, so that publishers in either language agree.
 *
 * @throws KyokaError `kafka_unavailable` when no broker answers
 */
export async function createKafkaProducer(kafka: Kafka): Promise<KafkaProducer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
  });
  await producer.connect().catch((fault: unknown) => {
    throw toTransportError(fault);
  });
  return {
    async send(topic, records, { beforeEach } = {}) {
      try {
        for (const messages of requests(records)) {
          await beforeEach?.();
          await producer.send({ topic, messages, acks: -1, timeout: 10_000 });
        }
      } catch (fault) {
        throw toTransportError(fault);
      }
    },
    close: () => producer.disconnect(),
  };
}

function* requests(records: readonly OutboundRecord[]): Generator<Message[]> {
  let messages: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (messages.length === REQUEST_RECORDS || (bytes > 0 && bytes + size > REQUEST_BYTES)) {
      yield messages;
      messages = [];
      bytes = 0;
    }
    messages.push({ key: record.key, value: record.value, headers: { ...record.headers } });
    bytes += size;
  }
  if (messages.length > 0) yield messages;
}

function sizeOf({ key, value, headers }: OutboundRecord): number {
  const parts = [key ?? '', ...Object.entries(headers).flat()];
  const text = parts.reduce((sum, part) => sum + Buffer.byteLength(part), OVERHEAD_BYTES);
  return text + (value === null ? 0 : Buffer.byteLength(value));
}
