import { DAY, type Instant, tokyoDay } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { markExpired } from './tables/parked-table.js';

/**
 * Ends the term of parked originals: whatever was parked so many days (Asia/Tokyo) ago is marked as
 * expired, and its day's key is destroyed, so that it is readable nowhere, in no older copy either.
 * After a crash between the two the next call destroys the key.
 *
 * @returns how many waited until then
 */
export async function expireParked(
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  { now, days }: { readonly now: Instant; readonly days: number },
): Promise<number> {
  const firstKept = tokyoDay(now - (days - 1) * DAY);
  const expired = await markExpired(queryable(pool), firstKept);
  await vault.destroyDatedKeys(firstKept);
  return expired;
}
