import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { KyokaError } from '@kyoka/kernel';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { BatchContext } from './batch-context.js';
import { deliver, type Patience } from './deliver.js';
import type { TransportStatus } from './kafka-strategy.js';
import type { InboundRecord, OutboundRecord, Producer } from './records.js';
import { requireOneHandlerEach } from './require-handlers.js';
import { within } from './within.js';

export interface InProcessOptions {
  /** Called once when a handler keeps throwing; as with Kafka, the process must then end. */
  readonly onFatal: (fault: KyokaError) => void;
  /**
   * Lanes of each topic: records of one key share one and keep their order; 1 by default, since
   * batches pass the ledger one after the other and fewer, larger ones cost less.
   */
  readonly partitions?: number;
  /** Most records of one call of a handler; 500 by default. */
  readonly chunk?: number;
  /** `send` waits while so many records are in the queues; 5,000 by default. */
  readonly queued?: number;
  /** How long `close` waits for what is queued; 20 s by default. */
  readonly drainMs?: number;
  readonly patience?: Patience;
}

interface Waiting {
  readonly record: InboundRecord;
  readonly settle: (fault?: KyokaError) => void;
}

interface Lane {
  readonly waiting: Waiting[];
  next: bigint;
  busy: boolean;
}

/**
 * Runs the same `@EventPattern(topic)` batch handlers without a broker. `producer.send` resolves once
 * the handler has committed, so a publisher that gets no answer sends again, as it would to Kafka.
 */
export class InProcessStrategy
  extends Server<Record<string, never>, TransportStatus>
  implements CustomTransportStrategy
{
  override readonly propagatesEventHandlerErrors = true;
  /**
   * Feeds the handlers. It throws `kafka_unavailable` before `listen`, after `close`, and for records
   * that could not be handled; `not_found` for a topic without a handler.
   */
  readonly producer: Producer = { send: (topic, records) => this.#publish(topic, records) };
  readonly #options: InProcessOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #stop = new AbortController();
  #queued = 0;
  #open = false;
  #changed = Promise.withResolvers<void>();

  constructor(options: InProcessOptions) {
    super();
    this.#options = options;
  }

  listen(callback: (fault?: unknown) => void): void {
    try {
      requireOneHandlerEach(this.messageHandlers);
      this.#open = true;
      this._status$.next('connected');
      callback();
    } catch (fault) {
      callback(fault);
    }
  }

  async #publish(topic: string, records: readonly OutboundRecord[]): Promise<void> {
    if (!this.messageHandlers.has(topic)) {
      throw new KyokaError('not_found', `the topic ${topic} has no handler`);
    }
    const answers: Promise<void>[] = [];
    for (const record of records) {
      await this.#room();
      const answer = this.#enqueue(topic, record);
      answer.catch(() => undefined);
      answers.push(answer);
    }
    await Promise.all(answers);
  }

  /** Takes nothing new, and waits until what is queued has been handled. */
  async close(): Promise<void> {
    this.#open = false;
    const drained = await within(this.#options.drainMs ?? 20_000, this.#empty());
    if (!drained) this.logger.warn('transport_drain_incomplete');
    this.#stop.abort();
    this._status$.next('disconnected');
  }

  on(): never {
    throw new KyokaError('internal', 'this transport tells its state by `status`');
  }

  unwrap<T>(): T {
    return this as unknown as T;
  }

  async #room(): Promise<void> {
    while (this.#open && this.#queued >= (this.#options.queued ?? 5_000)) {
      await this.#changed.promise;
    }
    if (!this.#open) throw closed();
  }

  async #empty(): Promise<void> {
    while (this.#queued > 0) await this.#changed.promise;
  }

  #enqueue(topic: string, record: OutboundRecord): Promise<void> {
    const partition = crc32(record.key ?? '') % (this.#options.partitions ?? 1);
    const lane = this.#lane(`${topic}/${partition}`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    lane.waiting.push({
      record: toInbound(topic, partition, lane.next, record),
      settle: (fault) => (fault === undefined ? resolve() : reject(fault)),
    });
    lane.next += 1n;
    this.#queued += 1;
    if (!lane.busy) void this.#work(lane);
    return promise;
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane = { waiting: [], next: 0n, busy: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  async #work(lane: Lane): Promise<void> {
    lane.busy = true;
    // What is sent in one turn of the event loop becomes one batch.
    await setImmediate();
    while (lane.waiting.length > 0) {
      const chunk = lane.waiting.splice(0, this.#options.chunk ?? 500);
      const fault = await this.#handle(chunk.map(({ record }) => record));
      for (const { settle } of chunk) settle(fault);
      this.#queued -= chunk.length;
      this.#tell();
    }
    lane.busy = false;
  }

  /** The fault that kept the records from being handled, if any. */
  async #handle(records: readonly InboundRecord[]): Promise<KyokaError | undefined> {
    const first = records[0];
    const handler = first && this.getHandlerByPattern(first.topic);
    if (first === undefined || !handler || this.#stop.signal.aborted) return closed();
    const context = new BatchContext({
      topic: first.topic,
      partition: first.partition,
      firstOffset: first.offset,
      stopping: () => !this.#open,
      heartbeat: () => Promise.resolve(),
    });
    const { patience } = this.#options;
    try {
      const outcome = await deliver(handler, records, context, this.#stop.signal, patience);
      return outcome === 'done' ? undefined : closed();
    } catch (fault) {
      return this.#fail(fault as KyokaError);
    }
  }

  #fail(fault: KyokaError): KyokaError {
    if (this.#stop.signal.aborted) return fault;
    this.#open = false;
    this.#stop.abort();
    this._status$.next('crashed');
    this.#options.onFatal(fault);
    return fault;
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function closed(): KyokaError {
  return new KyokaError('kafka_unavailable', 'the transport of this process takes no records now');
}

function toInbound(
  topic: string,
  partition: number,
  position: bigint,
  { key, value, headers }: OutboundRecord,
): InboundRecord {
  return {
    topic,
    partition,
    offset: String(position),
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, [Buffer.from(text)]]),
    ),
  };
}
