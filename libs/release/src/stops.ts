import { inTransaction, queryable } from '@kyoka/postgres';
import { decideAgain } from './decide-again.js';
import type { ReleaseContext } from './ports.js';
import { linkReached, linkStanding } from './stop-links.js';
import { contactWindow, endContactWindow, tiedMembers } from './tables/contact-cursor-table.js';
import { stalest } from './tables/member-table.js';
import { markFollowed, unfollowedStops } from './tables/stop-act-view.js';

const ACTS_AT_ONCE = 100;

/**
 * Follows stops that have committed: whoever they reach is decided again in every audience, and a
 * removal is recorded for each contact point that a network may hold and the decision doesn't allow
 * any more. Safe to run by several workers, and again after a crash: a removal is open only once.
 *
 * @returns whether there was a stop to follow
 */
export async function followStops(context: ReleaseContext): Promise<boolean> {
  const ids = await unfollowedStops(queryable(context.pool), ACTS_AT_ONCE);
  if (ids.length === 0) return false;
  try {
    await follow(context, ids);
  } catch (fault) {
    if (ids.length === 1) throw fault;
    await followEach(context, ids, fault);
  }
  return true;
}

/** One by one, so that an act which can't be followed keeps no other waiting. */
async function followEach(
  context: ReleaseContext,
  ids: readonly string[],
  fault: unknown,
): Promise<void> {
  let failed = 0;
  for (const id of ids) await follow(context, [id]).catch(() => (failed += 1));
  if (failed === ids.length) throw fault;
  if (failed > 0) context.log('stop_not_followed', { acts: failed });
}

function follow(context: ReleaseContext, ids: readonly string[]): Promise<void> {
  return inTransaction(context.pool, async (tx) => {
    const reach = await context.reachOf(tx, ids);
    const reached = [...new Set([...reach.values()].flat())];
    await linkReached(tx, context, reach, await decideAgain(tx, context, reached, 'stop'));
    await markFollowed(tx, ids, context.clock());
  });
}

/**
 * Follows contact points that have come in: one may tie a member to a stop that came long before it,
 * of its own or of somebody who shares it.
 *
 * @returns whether there was a member to decide again
 */
export async function followContacts(context: ReleaseContext): Promise<boolean> {
  return inTransaction(context.pool, async (tx) => {
    const window = await contactWindow(tx);
    if (window === undefined) return false;
    const tied = await tiedMembers(tx, window);
    await linkStanding(tx, context, await decideAgain(tx, context, tied, 'stop'));
    await endContactWindow(tx, window);
    return tied.length > 0;
  });
}

/**
 * Decides again about members that nobody looked at for a while, so that what no event tells, such
 * as a consent or a term that ran out, ends memberships as well.
 *
 * @returns whether there was anybody to look at
 */
export async function sweep(context: ReleaseContext): Promise<boolean> {
  const { settings, clock } = context;
  const before = clock() - settings.sweepEveryMs;
  const stale = await stalest(queryable(context.pool), before, settings.chunk);
  if (stale.length === 0) return false;
  return inTransaction(context.pool, async (tx) => {
    await decideAgain(
      tx,
      context,
      [...new Set(stale.map((one) => one.subjectId))],
      'not_permitted',
    );
    return true;
  });
}
