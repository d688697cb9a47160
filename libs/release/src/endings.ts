import { inTransaction, queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { takeOut } from './reconcile.js';
import { audiencesToEmpty, endOverdueAudiences, markEmptied } from './tables/audience-end-table.js';
import { findAudience, findAudiences } from './tables/audience-table.js';
import { lockLapsedMembers, lockLiveMembers } from './tables/member-table.js';
import { anyLeaseLapsed } from './tables/waiting.js';
import { groupBy } from './words.js';

/**
 * What the clock ends: audiences whose period is over, the members of ended audiences, and leases
 * that weren't renewed. Catches up after a stop of the service.
 *
 * @returns whether there is more to do
 */
export async function endWhatIsOver(context: ReleaseContext): Promise<boolean> {
  const db = queryable(context.pool);
  const ended = await endOverdueAudiences(db, context.clock());
  let more = ended > 0;
  for (const id of await audiencesToEmpty(db)) more = (await emptyAudience(context, id)) || more;
  return (await endLeases(context)) || more;
}

async function emptyAudience(context: ReleaseContext, id: string): Promise<boolean> {
  return inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const audience = await findAudience(tx, id);
    if (audience === undefined) return false;
    const members = await lockLiveMembers(tx, id, context.settings.chunk);
    await takeOut(tx, context, audience, members, 'audience_ended', now);
    if (members.length === 0) await markEmptied(tx, id, now);
    return members.length > 0;
  });
}

async function endLeases(context: ReleaseContext): Promise<boolean> {
  if (!(await anyLeaseLapsed(queryable(context.pool), context.clock()))) return false;
  return inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const lapsed = await lockLapsedMembers(tx, now, context.settings.chunk);
    if (lapsed.length === 0) return false;
    const audiences = await findAudiences(tx, [...new Set(lapsed.map((one) => one.audienceId))]);
    for (const [audienceId, members] of groupBy(lapsed, (member) => member.audienceId)) {
      const audience = audiences.get(audienceId);
      if (audience) await takeOut(tx, context, audience, members, 'lease_ended', now);
    }
    return true;
  });
}
