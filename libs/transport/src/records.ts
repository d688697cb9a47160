import type { Instant } from '@kyoka/kernel';

/** A record as a handler gets it, the same from Kafka and in process. */
export interface InboundRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition, a whole number as text (64 bit). */
  readonly offset: string;
  readonly key: Buffer | null;
  /** `null`: a tombstone. */
  readonly value: Buffer | null;
  /** Every value of every header; a name may come more than once. */
  readonly headers: Readonly<Record<string, readonly Buffer[]>>;
  /** When the broker appended it, where the topic keeps that time; never a time that a publisher set. */
  readonly appendedAt?: Instant;
}

export interface OutboundRecord {
  /** Records of one key keep their order; `null`: any partition. */
  readonly key: string | null;
  /** `null`: a tombstone. */
  readonly value: Buffer | string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where records go: Kafka, or the handlers of this process. */
export interface Producer {
  /**
   * Sends records, those of one key in their order, and resolves once they are durable (Kafka: at
   * all in-sync replicas; in process: once the handler's transaction has committed).
   *
   * A rejection says nothing about which of them arrived: send them all again, the reader drops
   * duplicates.
   *
   * @throws KyokaError `kafka_unavailable` (send again), or a lasting one such as `too_large`;
   *   whatever `beforeEach` throws
   */
  send(topic: string, records: readonly OutboundRecord[], options?: SendOptions): Promise<void>;
}

export interface SendOptions {
  /** Awaited before each request to a broker; what it throws ends the sending there. */
  readonly beforeEach?: () => Promise<unknown>;
}
