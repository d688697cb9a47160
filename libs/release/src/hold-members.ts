import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { retryAt } from '@kyoka/suspension';
import { leaseFrom } from './due.js';
import type { ReleaseContext } from './ports.js';
import type { Audience } from './tables/audience-table.js';
import type { Member } from './tables/member-table.js';
import { type MemberChange, moveMembers } from './tables/member-writes.js';
import { groupBy } from './words.js';

/**
 * The network holds these, or may. What it certainly holds is renewed before its lease ends; what
 * only may be there is added again, a few times, once the add at hand can't take effect any more.
 */
export async function holdMembers(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  members: readonly Member[],
  certain: boolean,
  now: Instant,
  settledAt: Instant = now,
): Promise<void> {
  const { settings } = context;
  const lease = leaseFrom(context, audience, now);
  const hold = (of: readonly Member[], change: MemberChange) =>
    moveMembers(tx, 'hold', audience.id, of, now, {
      certain,
      heldSince: now,
      leaseUntil: lease.until,
      runId: null,
      ...change,
    });
  if (certain) {
    await hold(members, { tries: 0, renewAt: lease.renewAt });
    return;
  }
  for (const [before, ofTry] of groupBy(members, (member) => member.tries)) {
    const tries = before + 1;
    const again = retryAt(settledAt, tries, settings.retry);
    await hold(ofTry, { tries, renewAt: tries > settings.addTries ? lease.renewAt : again });
  }
}
