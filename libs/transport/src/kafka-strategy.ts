import { KyokaError } from '@kyoka/kernel';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { BatchContext } from './batch-context.js';
import { deliver, type Patience } from './deliver.js';
import { toTransportError } from './kafka-errors.js';
import type { InboundRecord } from './records.js';
import { requireOneHandlerEach } from './require-handlers.js';
import { within } from './within.js';

export interface KafkaStrategyOptions {
  readonly kafka: Kafka;
  /** Consumers of one group share the partitions. */
  readonly groupId: string;
  /**
   * Called once when this consumer can't go on: it has stopped, and the process must end with a
   * non-zero code so that a supervisor starts another.
   */
  readonly onFatal: (fault: KyokaError) => void;
  /** Most records of one call of a handler, that is, of one transaction; 500 by default. */
  readonly chunk?: number;
  /** Partitions whose records are handled at the same time; 3 by default: while one waits for the database, another is read. */
  readonly lanes?: number;
  /** After this long without a heartbeat the partitions go to another consumer; 30 s by default. */
  readonly sessionTimeoutMs?: number;
  /** How long a fetch may wait for records; 200 ms by default. */
  readonly maxWaitMs?: number;
  /** How long `close` waits for the chunk in hand; 20 s by default. */
  readonly drainMs?: number;
  readonly patience?: Patience;
}

export type TransportStatus = 'connected' | 'rebalancing' | 'crashed' | 'disconnected';

/**
 * Runs `@EventPattern(topic)` handlers on batches of one Kafka partition. Each handler gets a chunk
 * of records (`InboundRecord[]`) and a `BatchContext`, and returns a `BatchResult`; its offsets are
 * committed after it is done, so a crash brings at most the chunk in hand again.
 */
export class KafkaBatchStrategy
  extends Server<Record<string, never>, TransportStatus>
  implements CustomTransportStrategy
{
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: KafkaStrategyOptions;
  readonly #consumer: Consumer;
  readonly #stop = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: KafkaStrategyOptions) {
    super();
    this.#options = options;
    const sessionTimeout = options.sessionTimeoutMs ?? 30_000;
    this.#consumer = options.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout,
      heartbeatInterval: Math.floor(sessionTimeout / 6),
      rebalanceTimeout: 60_000,
      maxWaitTimeInMs: options.maxWaitMs ?? 200,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    });
  }

  /** Subscribes to the topics of the handlers; the callback gets a KyokaError when that fails. */
  async listen(callback: (fault?: unknown) => void): Promise<void> {
    try {
      requireOneHandlerEach(this.messageHandlers);
      this.#followStatus();
      await this.#consumer.connect();
      await this.#consumer.subscribe({
        topics: [...this.messageHandlers.keys()],
        fromBeginning: true,
      });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#options.lanes ?? 3,
        eachBatch: (payload) => this.#eachBatch(payload),
      });
      callback();
    } catch (fault) {
      callback(toTransportError(fault));
    }
  }

  /** Stops fetching, waits for the chunk in hand and its commit, and leaves the group. Once, however often it is called. */
  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #drain(): Promise<void> {
    this.#stop.abort();
    const gone = this.#consumer.disconnect().catch(() => undefined);
    const drained = await within(this.#options.drainMs ?? 20_000, gone);
    if (!drained) this.logger.warn('transport_drain_incomplete');
  }

  on(): never {
    throw new KyokaError('internal', 'this transport tells its state by `status`');
  }

  unwrap<T>(): T {
    return this.#consumer as T;
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale } = payload;
    const size = this.#options.chunk ?? 500;
    await heartbeat();
    for (let start = 0; start < batch.messages.length; start += size) {
      if (this.#stop.signal.aborted || !isRunning() || isStale()) return;
      const done = await this.#chunk(payload, batch.messages.slice(start, start + size));
      if (!done) return;
      await heartbeat();
    }
  }

  async #chunk(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<boolean> {
    const { topic, partition } = payload.batch;
    const [first, last] = [messages[0], messages.at(-1)];
    const handler = this.getHandlerByPattern(topic);
    if (first === undefined || last === undefined || handler === null) return false;
    // Only what heartbeats and the commit throw may leave eachBatch: kafkajs takes it for a
    // rebalance and joins again. Any other error would make it crash, rejoin and start over for ever.
    let lost: unknown;
    const context = new BatchContext({
      topic,
      partition,
      firstOffset: first.offset,
      stopping: () => this.#stop.signal.aborted,
      heartbeat: () =>
        payload.heartbeat().catch((fault: unknown) => {
          lost = fault;
          throw fault;
        }),
    });
    const records = messages.map((message) => toInbound(topic, partition, message));
    try {
      const { patience } = this.#options;
      const outcome = await deliver(handler, records, context, this.#stop.signal, patience);
      if (outcome === 'stopped') return false;
    } catch (fault) {
      if (fault !== lost) return this.#fail(toTransportError(fault));
      throw fault;
    }
    payload.resolveOffset(last.offset);
    // Not consumer.commitOffsets(): once a stop began, that one does nothing and says nothing.
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset: String(BigInt(last.offset) + 1n) }] }],
    });
    return true;
  }

  #followStatus(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, () => this._status$.next('connected'));
    this.#consumer.on(events.REBALANCING, () => this._status$.next('rebalancing'));
    this.#consumer.on(events.DISCONNECT, () => this._status$.next('disconnected'));
    this.#consumer.on(events.CRASH, ({ payload }) => {
      this._status$.next('crashed');
      if (!payload.restart) this.#fail(toTransportError(payload.error));
    });
  }

  #fail(fault: KyokaError): false {
    if (this.#stop.signal.aborted) return false;
    this.#stop.abort();
    this._status$.next('crashed');
    this.#consumer.disconnect().catch(() => undefined);
    this.#options.onFatal(fault);
    return false;
  }
}

function toInbound(topic: string, partition: number, message: KafkaMessage): InboundRecord {
  const headers: Record<string, Buffer[]> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value === undefined) continue;
    headers[name] = (Array.isArray(value) ? value : [value]).map((one) => Buffer.from(one));
  }
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key,
    value: message.value,
    headers,
    ...(isAppendTime(message) && { appendedAt: Number(message.timestamp) }),
  };
}

const LOG_APPEND_TIME = 1;

/** kafkajs hands on, untyped, what the batch says of its times. A broker takes no batch that claims this falsely. */
const isAppendTime = (message: KafkaMessage): boolean =>
  (message as { batchContext?: { timestampType?: number } }).batchContext?.timestampType ===
  LOG_APPEND_TIME;
