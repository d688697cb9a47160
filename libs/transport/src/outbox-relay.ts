import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Instant, KyokaError } from '@kyoka/kernel';
import {
  inTransaction,
  queryable,
  toKyokaError,
  tryAdvisoryLock,
  type openPool,
  type Queryable,
} from '@kyoka/postgres';
import { toRecord, type OutboxRow } from './outbox-row.js';
import type { OutboundRecord, Producer } from './records.js';

export type Pool = Awaited<ReturnType<typeof openPool>>;

export interface RelayOptions {
  /** Works under a role that may read and delete in the outbox. */
  readonly pool: Pool;
  /** The schema whose table `outbox` is relayed. */
  readonly schema: string;
  readonly producer: Producer;
  /** Called when a round fails; the rows stay and the next round tries again. */
  readonly onFault: (fault: KyokaError) => void;
  /** Most rows of one round; 500 by default. */
  readonly batch?: number;
  /** Wait when there is nothing to relay, in milliseconds; 200 by default. */
  readonly idleMs?: number;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * Sends what transactions wrote into an outbox, at least once, in order per key, and deletes it after
 * it is durable at its destination. Several relays of one schema may run; one works at a time.
 *
 * The order of a key is that in which transactions held its row lock: they must insert their outbox
 * rows after they took it, so that the rows are numbered in that order.
 */
export class OutboxRelay {
  readonly #options: RelayOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: RelayOptions) {
    if (!/^[a-z_]+$/.test(options.schema))
      throw new RangeError('a schema is named by an identifier');
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends after the round in hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /**
   * One round.
   *
   * @returns how many rows were relayed; 0 also while another relay works
   * @throws KyokaError of the database or the producer; the rows are still there
   */
  async relayOnce(): Promise<number> {
    const { pool, schema, batch = 500 } = this.#options;
    const relay = async (tx: Queryable): Promise<number> => {
      if (!(await tryAdvisoryLock(tx, lockKey(schema)))) return 0;
      // Nothing remembers a position, so a row that was numbered early and committed late is not
      // passed over. Whoever held a key's lock before the writer of a visible row has committed
      // before, so that row is visible too, and has a lower number.
      const rows = await tx.query<OutboxRow>(
        `SELECT id, topic, key, type, headers, payload::text AS payload, created_at
           FROM ${schema}.outbox
          ORDER BY id LIMIT $1`,
        [batch],
      );
      if (rows.length === 0) return 0;
      for (const [topic, records] of byTopic(rows, schema)) {
        await this.#options.producer.send(topic, records);
      }
      // A crash before this commits sends the rows again, under the same ids.
      await tx.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1::bigint[])`, [
        rows.map(({ id }) => id),
      ]);
      return rows.length;
    };
    return inTransaction(pool, relay, { retries: 0 });
  }

  /** When the oldest row that still waits was written; a monitor warns when that is long ago. */
  async waitingSince(): Promise<Instant | undefined> {
    const { pool, schema } = this.#options;
    const [oldest] = await queryable(pool).query<{ created_at: Date }>(
      `SELECT created_at FROM ${schema}.outbox ORDER BY id LIMIT 1`,
    );
    return oldest?.created_at.getTime();
  }

  async #run(): Promise<void> {
    const { batch = 500, idleMs = 200, onFault } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        const relayed = await this.relayOnce();
        failures = 0;
        if (relayed < batch) await this.#wait(idleMs);
      } catch (fault) {
        onFault(toKyokaError(fault));
        await this.#wait(Math.min(idleMs * 2 ** failures, LONGEST_WAIT_MS));
        failures += 1;
      }
    }
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

/**
 * Deletes outbox rows written before `before`. For a process without a producer, whose outbox stands
 * in for topics and keeps events for as long as they would.
 *
 * @returns how many
 */
export async function pruneOutbox(pool: Pool, schema: string, before: Instant): Promise<number> {
  const rows = await queryable(pool).query(
    `DELETE FROM ${schema}.outbox WHERE created_at < $1 RETURNING id`,
    [new Date(before)],
  );
  return rows.length;
}

function byTopic(rows: readonly OutboxRow[], schema: string): Map<string, OutboundRecord[]> {
  const topics = new Map<string, OutboundRecord[]>();
  for (const row of rows) {
    const records = topics.get(row.topic);
    if (records === undefined) topics.set(row.topic, [toRecord(row, schema)]);
    else records.push(toRecord(row, schema));
  }
  return topics;
}

/** Advisory lock of a schema's relay: a prefix of our own, then the schema. */
function lockKey(schema: string): bigint {
  return (0x6b79_6f6bn << 32n) | BigInt(crc32(schema));
}
