import type { Clock } from '@kyoka/kernel';
import { inTransaction, type Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { idOf } from '../ids.js';
import { insertKey, insertPublisher } from '../tables/publisher-table.js';
import { sealKey } from './sealed-key.js';

/**
 * Moves publishers that an earlier version registered in the key folder to the database, where they
 * can be rotated and revoked. A crash between the two leaves an entry in both; the next start finds
 * it known and removes it from the folder, so what was revoked meanwhile stays revoked.
 *
 * @returns how many there were
 */
export async function movePublishersFromFolder({
  pool,
  vault,
  clock,
}: {
  /** Of the role `kyoka_permissions`. */
  readonly pool: Pool;
  readonly vault: Vault;
  readonly clock: Clock;
}): Promise<number> {
  const entries = await vault.folderPublishers.list();
  for (const { kid, key, revokedAt, ...grant } of entries) {
    await inTransaction(pool, async (tx) => {
      const at = clock();
      const publisher = {
        id: idOf('publisher of the key folder', kid),
        ...grant,
        registeredAt: at,
        registeredBy: MOVED,
        ...(revokedAt !== undefined && { revokedAt, revokedBy: MOVED }),
      };
      if (!(await insertPublisher(tx, publisher))) return;
      const endsAt = Math.min(grant.validUntil + 1, revokedAt ?? Infinity);
      await insertKey(
        tx,
        { kid, publisherId: publisher.id, createdAt: at, createdBy: MOVED, endsAt },
        sealKey(vault, Buffer.from(key, 'base64url'), kid, publisher),
      );
    });
    await vault.folderPublishers.destroy(kid);
  }
  return entries.length;
}

const MOVED = 'system:key-folder';
