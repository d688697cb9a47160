import type { Instant } from '@kyoka/kernel';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { mustLeave, outOfPermission, takeOut } from './reconcile.js';
import { askOf, findAudiences } from './tables/audience-table.js';
import { lockMembersOf, markChecked, stalest } from './tables/member-table.js';
import { linkStops } from './tables/removal-table.js';
import { groupBy, type RemovalCause, stamp } from './words.js';

const ACTS_AT_ONCE = 100;

/**
 * Follows stops that have committed: whoever they reach is decided again in every audience, and a
 * removal is recorded for each contact point that a network may hold and the decision doesn't allow
 * any more. Safe to run by several workers, and again after a crash: a removal is open only once.
 *
 * @returns whether there was a stop to follow
 */
export async function followStops(context: ReleaseContext): Promise<boolean> {
  return inTransaction(context.pool, async (tx) => {
    const acts = await tx.query<{ id: string }>(
      `select id from permissions.v_stop_act where fanned_out_at is null
       order by committed_at, id limit $1`,
      [ACTS_AT_ONCE],
    );
    if (acts.length === 0) return false;
    const ids = acts.map((act) => act.id);
    const reach = await context.reachOf(tx, ids);
    const reached = [...new Set([...reach.values()].flat())];
    const audiences = await decideAgain(tx, context, reached, 'stop');
    await linkStops(
      tx,
      [...reach].flatMap(([stopActId, subjects]) =>
        subjects.flatMap((subjectId) =>
          (audiences.get(subjectId) ?? []).map((audienceId) => ({
            stopActId,
            audienceId,
            subjectId,
          })),
        ),
      ),
    );
    await tx.query('select permissions.mark_fanned_out($1::uuid[], $2)', [
      ids,
      stamp(context.clock()),
    ]);
    return true;
  });
}

/**
 * Decides again about members that nobody looked at for a while, so that what no event tells (a
 * consent or a term that ran out, a link that appeared between two people) ends memberships as well.
 *
 * @returns whether there was anybody to look at
 */
export async function sweep(context: ReleaseContext): Promise<boolean> {
  const { settings, clock } = context;
  const before = clock() - settings.sweepEveryMs;
  return inTransaction(context.pool, async (tx) => {
    const stale = await stalest(tx, before, settings.chunk);
    if (stale.length === 0) return false;
    await decideAgain(
      tx,
      context,
      [...new Set(stale.map((one) => one.subjectId))],
      'not_permitted',
    );
    return true;
  });
}

/** @returns for each subject the audiences that it may not be in any more */
async function decideAgain(
  tx: Queryable,
  context: ReleaseContext,
  subjectIds: readonly string[],
  cause: RemovalCause,
): Promise<Map<string, string[]>> {
  const now: Instant = context.clock();
  const members = await lockMembersOf(tx, subjectIds);
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
    await markChecked(tx, audienceId, subjects, now);
    const leaving = new Set([
      ...out.map((member) => member.subjectId),
      ...decisions.filter(mustLeave).map((decision) => decision.subjectId),
    ]);
    for (const subject of leaving) found.set(subject, [...(found.get(subject) ?? []), audienceId]);
  }
  return found;
}
