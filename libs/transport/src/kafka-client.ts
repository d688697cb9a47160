import './kafka-timers.js';
import { Kafka, logLevel } from 'kafkajs';

export interface KafkaAddress {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  /** Shown in the broker's logs and metrics. */
  readonly clientId: string;
}

/**
 * The one place that makes a kafkajs client. Its own log is off, since it writes free text: what
 * happens is told by the strategy's status, by `onFatal`, and by coded errors.
 */
export function createKafka({ brokers, clientId }: KafkaAddress): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3_000,
    // A broker that hangs is known to hang well before anything that waits for it is given up itself.
    requestTimeout: 10_000,
    // kafkajs takes other defaults under NODE_ENV=test, so every one is named.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5, factor: 0.2, multiplier: 2 },
  });
}
