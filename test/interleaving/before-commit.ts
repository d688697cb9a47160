import type { Pool } from '@kyoka/postgres';

/** A pool whose transactions do this right before they commit, when they hold every lock that they take. */
export function beforeCommit(pool: Pool, hook: () => Promise<void>): Pool {
  const createQueryRunner: Pool['createQueryRunner'] = (...asked) => {
    const runner = pool.createQueryRunner(...asked);
    const commit = runner.commitTransaction.bind(runner);
    runner.commitTransaction = async () => {
      await hook();
      await commit();
    };
    return runner;
  };
  return Object.create(pool, { createQueryRunner: { value: createQueryRunner } }) as Pool;
}
