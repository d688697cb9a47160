import { createHash } from 'node:crypto';
import type { Clock } from '@kyoka/kernel';
import { inTransaction, type Pool, tryAdvisoryLock } from '@kyoka/postgres';
import type { DueTask } from './due-task.js';

/** One number for each name, the same in every process: half of a digest, as PostgreSQL's locks take it. */
const lockOf = (name: string): bigint =>
  createHash('sha256').update(`kyoka due task ${name}`).digest().readBigInt64BE();

/**
 * Runs a batch of a task, unless another process is at it. The lock is held by a transaction that
 * does nothing else, for as long as the task takes, so it is free again the moment its process dies. The
 * task works on connections of its own, so the pool needs a second one.
 *
 * @returns how many it ended, or that another process is at it
 */
export async function runOnce(
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  task: DueTask,
): Promise<number | 'elsewhere'> {
  return inTransaction(
    pool,
    async (tx) => {
      await tx.query('set local idle_in_transaction_session_timeout = 0');
      return (await tryAdvisoryLock(tx, lockOf(task.name))) ? task.run(clock()) : 'elsewhere';
    },
    { retries: 0 },
  );
}
