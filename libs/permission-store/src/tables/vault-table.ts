import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/**
 * Refuses a database whose contents other keys seal and look up than those in use. Under others nobody
 * would be found again, so that a stop would reach nobody.
 *
 * @param vaultId the id of the vault in use
 * @param db under the role of any context
 * @throws KyokaError `key_missing` if the database was filled under other keys, or under none
 */
export async function requireVault(db: Queryable, vaultId: string): Promise<void> {
  const [row] = await db.query<{ id: string }>('select id from permissions.v_vault');
  if (row?.id === vaultId) return;
  throw new KyokaError(
    'key_missing',
    row === undefined
      ? 'the database has no keys yet: npm run migrate'
      : 'the database was filled under other keys than those in the key folder',
  );
}

/**
 * Ties a database that nobody's keys have filled yet to these; see {@link requireVault}.
 *
 * @throws KyokaError `key_missing` if the database was filled under other keys
 */
export async function bindVault(db: Queryable, vaultId: string): Promise<void> {
  await db.query('insert into permissions.vault (id) values ($1) on conflict do nothing', [
    vaultId,
  ]);
  await requireVault(db, vaultId);
}
