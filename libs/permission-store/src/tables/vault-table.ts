import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/**
 * Ties the database to the vault whose keys seal and look up what it holds. Under other keys nobody
 * would be found again, so that a stop would reach nobody.
 *
 * @param vaultId the id of the vault in use
 * @throws KyokaError `key_missing` if the database was filled under other keys
 */
export async function bindVault(db: Queryable, vaultId: string): Promise<void> {
  await db.query('insert into permissions.vault (id) values ($1) on conflict do nothing', [
    vaultId,
  ]);
  const [row] = await db.query<{ id: string }>('select id from permissions.vault');
  if (row?.id === vaultId) return;
  throw new KyokaError(
    'key_missing',
    'the database was filled under other keys than those in the key folder',
  );
}
