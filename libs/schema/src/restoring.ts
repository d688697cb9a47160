import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/**
 * Stands in a database from before a backup is loaded until the stops and erasures that came after it
 * are applied. It lies outside the schemas of the contexts, so no backup holds it.
 */
export const RESTORING = 'public.kyoka_restoring';

/** Whether a restore of this database began and didn't come to its end. */
export async function isRestoring(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    RESTORING,
  ]);
  return row?.there === true;
}

/**
 * Refuses a database that is half restored: erasures carried out in it would destroy the keys of rows
 * that the restore has yet to make readable.
 *
 * @param db under any role
 * @throws KyokaError `restore_unfinished`
 */
export async function requireRestored(db: Queryable): Promise<void> {
  if (!(await isRestoring(db))) return;
  throw new KyokaError(
    'restore_unfinished',
    'a restore of this database began and has not ended: run kyoka restore again, from the same backup',
  );
}
