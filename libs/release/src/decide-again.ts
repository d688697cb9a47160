import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { countFallen, outOfPermission, takeOut } from './reconcile.js';
import { askOf, findAudiences } from './tables/audience-table.js';
import { lockMembersOf } from './tables/member-table.js';
import { markChecked } from './tables/member-writes.js';
import { groupBy, type RemovalCause } from './words.js';

/**
 * Decides anew about everything that subjects have in audiences, and takes out what isn't allowed.
 *
 * @returns for each subject the audiences that it may not be in any more
 */
export async function decideAgain(
  tx: Queryable,
  context: ReleaseContext,
  subjectIds: readonly string[],
  cause: RemovalCause,
): Promise<Map<string, string[]>> {
  const now: Instant = context.clock();
  const members = await lockMembersOf(tx, subjectIds);
  if (members.length === 0) return new Map();
  const byAudience = groupBy(members, (member) => member.audienceId);
  const audiences = await findAudiences(tx, [...byAudience.keys()]);
  const found = new Map<string, string[]>();
  for (const [audienceId, ofAudience] of byAudience) {
    const audience = audiences.get(audienceId);
    if (audience === undefined) continue;
    const subjects = [...new Set(ofAudience.map((member) => member.subjectId))];
    const decisions = await context.decide(tx, askOf(audience, now), subjects);
    const out = outOfPermission(ofAudience, decisions);
    await takeOut(tx, context, audience, out, cause, now);
    await countFallen(tx, out, decisions);
    await markChecked(tx, audienceId, decisions, now);
    const leaving = new Set(out.map((member) => member.subjectId));
    for (const subject of leaving) found.set(subject, [...(found.get(subject) ?? []), audienceId]);
  }
  return found;
}
