import { createIntake, type IntakePorts } from '@kyoka/intake';
import type { Pool } from '@kyoka/postgres';

type Append = IntakePorts['journal']['append'];

/** An intake whose batch with a stop stays where it writes its journal until it is let go. */
export function heldAtJournal(ports: IntakePorts) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const append: Append = async (entries) => {
    reached.resolve();
    await released.promise;
    return ports.journal.append(entries);
  };
  return {
    intake: createIntake({ ...ports, journal: { ...ports.journal, append } }),
    reached: reached.promise,
    letGo: () => released.resolve(),
  };
}

/** A pool whose transactions leave out a lock: the control of a test that it is needed. */
export function withoutLock(pool: Pool, clause: string): Pool {
  const createQueryRunner: Pool['createQueryRunner'] = (...asked) => {
    const runner = pool.createQueryRunner(...asked);
    const query = runner.query.bind(runner);
    // Under a name, the server would run what it has parsed before, lock and all.
    runner.query = (sql: string | { text: string }, ...rest: unknown[]) =>
      query(
        (typeof sql === 'string' ? sql : sql.text).replace(clause, ''),
        ...(rest as [unknown[]]),
      );
    return runner;
  };
  return Object.create(pool, { createQueryRunner: { value: createQueryRunner } }) as Pool;
}
