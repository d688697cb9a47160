import { formatInstant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { DueTask } from './due-task.js';

/** Rows removed in one turn. */
const BATCH = 1_000;

/** Rows of a table that nobody needs any more some time after their date. All of these are names of ours, never data. */
export interface Purge {
  /** Name of the task. */
  readonly name: string;
  readonly table: string;
  /** The column of the date; it has an index. */
  readonly by: string;
  /** How long after it a row is kept. */
  readonly keptMs: number;
}

/** Removes rows whose time is over. One that gets another date meanwhile stays. */
export const purge = (db: Queryable, { name, table, by, keptMs }: Purge): DueTask => ({
  name,
  async run(at) {
    const rows = await db.query(
      `delete from ${table} where ${by} <= $1 and ctid = any (array(
         select ctid from ${table} where ${by} <= $1 order by ${by} limit $2)) returning true`,
      [formatInstant(at - keptMs), BATCH],
    );
    return rows.length;
  },
  async next() {
    const [row] = await db.query<{ at: Date | null }>(`select min(${by}) as at from ${table}`);
    return row?.at ? row.at.getTime() + keptMs : undefined;
  },
});
