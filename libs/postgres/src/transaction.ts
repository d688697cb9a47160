import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseError, databaseFault } from './errors.js';
import { queryable, type Queryable } from './queryable.js';
import { STATEMENT_OUTDATED } from './statement-names.js';

/** Serialization failure, deadlock, a migration meanwhile: the transaction did nothing and may run again. */
const RUN_AGAIN = new Set(['40001', '40P01', STATEMENT_OUTDATED]);

const FIRST_WAIT_MS = 10;

/**
 * Runs `work` in one transaction, READ COMMITTED, and gives its result once the commit has returned.
 * A deadlock or serialization failure rolls back and runs `work` again (at most `retries` times, 3 by
 * default, waiting 10 ms, 20 ms, 40 ms … with jitter), so `work` must have no effect but its statements.
 * Any other fault rolls back and is thrown.
 *
 * @throws DatabaseError; `database_unavailable` from the commit itself leaves open whether it took effect
 */
export async function inTransaction<T>(
  pool: DataSource,
  work: (tx: Queryable) => Promise<T>,
  { retries = 3 }: { readonly retries?: number } = {},
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(pool, work);
    } catch (fault) {
      const again = fault instanceof DatabaseError && RUN_AGAIN.has(fault.sqlState ?? '');
      if (!again || attempt >= retries) throw fault;
    }
    await sleep(FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}

async function once<T>(pool: DataSource, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const runner = pool.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await work(queryable(runner.manager));
    await runner.commitTransaction();
    return result;
  } catch (fault) {
    await rollback(runner);
    throw databaseFault(fault) ?? fault;
  } finally {
    await runner.release();
  }
}

async function rollback(runner: QueryRunner): Promise<void> {
  if (!runner.isTransactionActive) return;
  try {
    await runner.rollbackTransaction();
  } catch {
    // The connection is gone and its transaction with it; the first fault is the one to report.
  }
}
