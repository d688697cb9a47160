import { inTransaction } from '@kyoka/postgres';
import { observe } from '@kyoka/telemetry';
import type { ReleaseContext } from './ports.js';
import { reportProgress } from './progress.js';
import { stepsOf } from './removal-steps.js';
import { lockMembersUnder } from './tables/member-table.js';
import { moveMembers, renewSharers } from './tables/member-writes.js';
import { lockRemovals, type Removal } from './tables/removal-table.js';
import { markConfirmed } from './tables/removal-writes.js';
import { groupBy } from './words.js';

/**
 * Confirms removals. Whoever shares their contact points is locked first, as members are everywhere,
 * and what the network may still do is asked again under that lock: a late report of an add may have
 * come in between.
 */
export async function confirmRemovals(
  context: ReleaseContext,
  removals: readonly Removal[],
): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    await lockMembersUnder(tx, removals);
    const due = await stepsOf(
      tx,
      context,
      await lockRemovals(
        tx,
        removals.map(({ id }) => id),
      ),
      now,
    );
    const certain = due.flatMap(({ removal, audience, step }) =>
      step.step === 'confirm' ? [{ removal, audience, basis: step.basis }] : [],
    );
    await markConfirmed(
      tx,
      certain.map(({ removal, basis }) => ({ id: removal.id, basis })),
      now,
    );
    for (const { removal, audience } of certain) {
      const network = audience.network ?? '';
      observe('kyoka_removal_confirmed_seconds', { network }, now - removal.facts.requestedAt);
    }
    for (const [audienceId, ended] of groupBy(certain, (one) => one.audience.id)) {
      const gone = ended.map((one) => one.removal);
      await moveMembers(tx, 'end', audienceId, gone, now, { heldSince: null, certain: false });
      await renewSharers(
        tx,
        audienceId,
        gone.map((removal) => removal.fold),
        now,
      );
    }
    await reportProgress(
      tx,
      'confirmed',
      certain.map(({ removal }) => removal.id),
      now,
    );
  });
}
