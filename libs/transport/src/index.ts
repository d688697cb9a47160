export { BatchContext, type BatchResult } from './batch-context.js';
export { consumerLag } from './consumer-lag.js';
export type { Patience } from './deliver.js';
export { applyTopics, type TopicReport } from './apply-topics.js';
export { ensureTopics, requireTopics } from './ensure-topics.js';
export { InProcessStrategy, type InProcessOptions } from './in-process-strategy.js';
export { createKafka, type KafkaAddress } from './kafka-client.js';
export { createKafkaProducer, type KafkaProducer } from './kafka-producer.js';
export {
  KafkaBatchStrategy,
  type KafkaStrategyOptions,
  type TransportStatus,
} from './kafka-strategy.js';
export { OutboxRelay, pruneOutbox, type RelayOptions } from './outbox-relay.js';
export type { InboundRecord, OutboundRecord, Producer, SendOptions } from './records.js';
export { TOPICS, type TopicSettings } from './topics.js';
