import { inTransaction, type Queryable } from '@kyoka/postgres';
import { decideAgain } from './decide-again.js';
import type { ReleaseContext } from './ports.js';
import { contactWindow, endContactWindow, tiedMembers } from './tables/contact-cursor-table.js';
import { stalest } from './tables/member-table.js';
import { linkStops } from './tables/removal-stop-table.js';
import { stamp } from './words.js';

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
    await link(tx, reach, await decideAgain(tx, context, reached, 'stop'));
    await tx.query('select permissions.mark_fanned_out($1::uuid[], $2)', [
      ids,
      stamp(context.clock()),
    ]);
    return true;
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
    const audiences = await decideAgain(tx, context, tied, 'stop');
    if (audiences.size > 0) {
      const acts = await actsAbout(tx, [...audiences.keys()]);
      await link(tx, await context.reachOf(tx, acts), audiences);
    }
    await endContactWindow(tx, window);
    return tied.length > 0;
  });
}

/** Stops whose scope holds ads, of these subjects or of whoever shares a contact point with them. */
async function actsAbout(tx: Queryable, subjectIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `with fold as (
       select distinct fold from permissions.v_contact_point
       where subject_id = any ($1::uuid[]) and class <> 'invalid')
     select id from permissions.v_stop_act s
     where s.channels && array['*', 'ads'] and (
       s.subject_id = any ($1::uuid[])
       or s.subject_id in (select c.subject_id from permissions.v_contact_point c join fold using (fold))
       or s.folds && (select array_agg(fold) from fold))`,
    [subjectIds],
  );
  return rows.map((row) => row.id);
}

function link(
  tx: Queryable,
  reach: ReadonlyMap<string, readonly string[]>,
  audiences: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  return linkStops(
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
