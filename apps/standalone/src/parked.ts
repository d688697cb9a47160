import type { Settings } from '@kyoka/config';
import { expireParked } from '@kyoka/intake';
import { type Clock, HOUR } from '@kyoka/kernel';
import type { Log } from '@kyoka/logging';
import type { Closing } from './closing.js';
import type { Store } from './database.js';

/** Ends the term of parked originals, now and every hour. */
export function startParkedTerm(
  { parkedDays: days }: Settings,
  {
    store,
    clock,
    closing,
    log,
  }: { readonly store: Store; readonly clock: Clock; readonly closing: Closing; readonly log: Log },
): void {
  const { permissions: pool, vault } = store;
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
