import type { Queryable } from '@kyoka/postgres';

/** Any fixed number ("access" in ASCII). */
const ADMIN = 0x61_63_63_65_73_73;

/**
 * Makes whoever gives and takes rights come one after the other: a token that is being made with
 * another would else outlive a revocation that has looked for it already. Taken before any row.
 */
export async function lockRights(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [ADMIN]);
}
