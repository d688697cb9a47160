import type { Queryable } from '@kyoka/postgres';

/** The key of the one advisory lock that orders releases and stops ("kyoka" in ASCII). */
const BARRIER = 0x6b_796f_6b61;

/**
 * Takes one side of the barrier until the transaction ends: the gate the shared side, a transaction
 * with a stop the exclusive one. It is the last lock of either transaction; a statement that runs
 * after it (READ COMMITTED) sees every stop that committed before.
 */
export async function takeBarrier(tx: Queryable, side: 'shared' | 'exclusive'): Promise<void> {
  const lock = side === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await tx.query(`select ${lock}($1)`, [BARRIER]);
}
