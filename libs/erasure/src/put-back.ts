import { inTransaction, type Queryable } from '@kyoka/postgres';
import type { ErasureContext } from './context.js';
import type { SealedRow } from './reseal.js';
import { readResealed } from './resealed-files.js';

/**
 * Gives rows that lie under an older key the ciphertext that the backup set keeps under a newer one.
 *
 * @returns how many rows
 */
export async function putBack(
  { pool, backupDir }: Pick<ErasureContext, 'pool' | 'backupDir'>,
  name: string,
): Promise<number> {
  const kept = await readResealed(backupDir, name);
  return inTransaction(pool, (tx) => replaceOlder(tx, kept));
}

/** Puts the ciphertexts in the place of those under older keys; rows that aren't there are passed over. */
async function replaceOlder(tx: Queryable, rows: readonly SealedRow[]): Promise<number> {
  const replaced = await tx.query(
    `update permissions.contact_point c set sealed = n.sealed
     from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) as n (subject_id, kind, token, sealed)
     where (c.subject_id, c.kind, c.token) = (n.subject_id, n.kind, n.token)
       and substring(c.sealed from 1 for 7) < substring(n.sealed from 1 for 7)
     returning 1`,
    [
      rows.map((row) => row.subjectId),
      rows.map((row) => row.kind),
      rows.map((row) => row.token),
      rows.map((row) => row.sealed),
    ],
  );
  return replaced.length;
}
