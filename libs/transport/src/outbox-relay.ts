import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Instant, KyokaError } from '@kyoka/kernel';
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
import { within } from './within.js';

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
  /**
   * How often the transaction is used while a request is under way, in milliseconds; 10 s by default.
   * The database ends a session that is idle in a transaction, and with it the lock.
   */
  readonly holdMs?: number;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * Sends what transactions wrote into an outbox, at least once, in order per key, and deletes it after
 * it is durable at its destination. Several relays of one schema may run; one works at a time: it
 * sees before each request that it still holds the lock, and keeps it while the request is under way.
 * If the database is lost during a request that hangs, another relay may overtake that one request;
 * the sequence of the records tells readers.
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
        await this.#send(tx, topic, records);
      }
      // A crash before this commits sends the rows again, under the same ids.
      await tx.query(`DELETE FROM ${schema}.outbox WHERE id = ANY($1::bigint[])`, [
        rows.map(({ id }) => id),
      ]);
      return rows.length;
    };
    return inTransaction(pool, relay, { retries: 0 });
  }

  async #send(tx: Queryable, topic: string, records: readonly OutboundRecord[]): Promise<void> {
    const { producer, holdMs = 10_000 } = this.#options;
    // One statement at a time: the check before a request and the one that holds take turns.
    let turn: Promise<unknown> = Promise.resolve();
    const hold = (): Promise<unknown> => (turn = turn.then(() => stillIn(tx)));
    const sending = producer.send(topic, records, { beforeEach: hold });
    try {
      while (!(await within(holdMs, sending))) await hold();
    } catch (fault) {
      // The lock is gone. A next round that began before this request has ended could be overtaken by it.
      await sending.catch(() => undefined);
      throw fault;
    }
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

/** @throws KyokaError `database_unavailable` once the session, and what it had locked, is gone */
async function stillIn(tx: Queryable): Promise<void> {
  await tx.query('SELECT 1').catch((cause: unknown) => {
    throw new KyokaError('database_unavailable', 'the lock of an outbox was lost', { cause });
  });
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
