import type { DueTask } from '@kyoka/clock';
import { formatInstant, type Instant, MINUTE } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable, type Queryable } from '@kyoka/postgres';

/** A total over a whole table, whose counting costs with its rows. */
export interface Figure<T> {
  /** The context that keeps it; its role counts. */
  readonly context: 'permissions' | 'audiences';
  readonly name: string;
  readonly count: (db: Queryable) => Promise<T>;
}

/** What counts in less time is counted when it is asked for. */
const QUICK_MS = 500;
/** Counting takes at most this share of the time. */
const SHARE = 1 / 20;
/** Less than the quarter of an hour after which a task of the clock counts as stopped. */
const COUNTING_MAY_TAKE = 10 * MINUTE;

interface Stored {
  readonly name: string;
  readonly at: Date;
  readonly took_ms: number;
  readonly value: unknown;
}

/** The total as it is now; where counting it takes long, as it was last counted by the clock. */
export async function readFigure<T>(
  db: Queryable,
  { context, name, count }: Figure<T>,
): Promise<T> {
  const [slow] = await db.query<Stored>(
    `select value from ${context}.figure where name = $1 and took_ms > $2`,
    [name, QUICK_MS],
  );
  return slow === undefined ? count(db) : (slow.value as T);
}

/** The moment from which the oldest total is that isn't counted when it is asked for; `undefined` if all are. */
export async function oldestFigure(
  db: Queryable,
  context: Figure<unknown>['context'],
): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select min(at) as at from ${context}.figure where took_ms > $1`,
    [QUICK_MS],
  );
  return row?.at?.getTime();
}

/**
 * Counts totals once a minute, or less often where that takes long, in one process at a time.
 *
 * @param pool under the role of the context of all `figures`
 */
export function figureTask(
  pool: Pool,
  context: Figure<unknown>['context'],
  figures: readonly Figure<unknown>[],
): DueTask {
  const dues = async (): Promise<readonly [Figure<unknown>, Instant][]> => {
    const rows = await queryable(pool).query<Stored>(
      `select name, at, took_ms from ${context}.figure`,
    );
    return figures.map((figure) => {
      const last = rows.find(({ name }) => name === figure.name);
      const rest = last && Math.max(MINUTE, last.took_ms / SHARE);
      return [figure, last === undefined ? 0 : last.at.getTime() + (rest ?? 0)] as const;
    });
  };
  return {
    name: `${context}.figures`,
    async run(at) {
      const due = (await dues()).find(([, from]) => from <= at);
      if (due === undefined) return 0;
      await countAnew(pool, due[0], at);
      return 1;
    },
    next: async () => Math.min(...(await dues()).map(([, from]) => from)),
  };
}

async function countAnew(
  pool: Pool,
  { context, name, count }: Figure<unknown>,
  at: Instant,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(`set local statement_timeout = ${COUNTING_MAY_TAKE}`);
    const begun = performance.now();
    const value = await count(tx);
    await tx.query(
      `insert into ${context}.figure (name, at, took_ms, value) values ($1, $2, $3, $4)
       on conflict (name) do update set (at, took_ms, value) = (excluded.at, excluded.took_ms, excluded.value)`,
      [name, formatInstant(at), Math.round(performance.now() - begun), JSON.stringify(value)],
    );
  });
}
