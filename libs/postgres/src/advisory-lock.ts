import type { Queryable } from './queryable.js';

/** `exclusive` waits for everybody; `shared` only for an exclusive holder. */
export type LockMode = 'shared' | 'exclusive';

const TAKE: Readonly<Record<LockMode, string>> = {
  shared: 'pg_advisory_xact_lock_shared',
  exclusive: 'pg_advisory_xact_lock',
};

const TRY: Readonly<Record<LockMode, string>> = {
  shared: 'pg_try_advisory_xact_lock_shared',
  exclusive: 'pg_try_advisory_xact_lock',
};

/** Waits for an advisory lock and holds it until the transaction `tx` ends. `key` is a signed 64-bit number. */
export async function advisoryLock(
  tx: Queryable,
  key: bigint,
  mode: LockMode = 'exclusive',
): Promise<void> {
  await tx.query(`SELECT ${TAKE[mode]}($1::bigint)`, [key.toString()]);
}

/** Takes the lock if it is free now, and holds it until the transaction ends; tells whether it did. */
export async function tryAdvisoryLock(
  tx: Queryable,
  key: bigint,
  mode: LockMode = 'exclusive',
): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>(`SELECT ${TRY[mode]}($1::bigint) AS held`, [
    key.toString(),
  ]);
  return row?.held === true;
}
