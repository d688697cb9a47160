import type { Settings } from '@kyoka/config';
import { expireParked } from '@kyoka/intake';
import { HOUR } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { ProcessParts } from './process-parts.js';

/**
 * Ends the term of parked originals, now and every hour.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function startParkedTerm(
  { parkedDays: days }: Settings,
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  { clock, closing, log }: ProcessParts,
): void {
  const expire = async () => {
    try {
      const count = await expireParked({ pool, vault }, { now: clock(), days });
      if (count > 0) log.warn('parked_expired', { count });
    } catch (fault) {
      log.error('framework', { fault });
    }
  };
  void expire();
  const timer = setInterval(() => void expire(), HOUR);
  closing.add('parked term', async () => clearInterval(timer));
}
