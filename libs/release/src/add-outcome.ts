import { nextPoll, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import { landsBy } from '@kyoka/suspension';
import { paceAdds, refusedUnnamed } from './add-backoff.js';
import { addTimes } from './due.js';
import { holdMembers } from './hold-members.js';
import { pauseAsked } from './pace.js';
import type { ReleaseContext } from './ports.js';
import type { WithoutKey } from './request.js';
import { linkStanding } from './stop-links.js';
import {
  type AttemptReport,
  lockAttempt,
  refuseItems,
  reportAttempt,
  type StoredAttempt,
} from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';
import { lockAttempted, type Member } from './tables/member-table.js';
import { moveMembers } from './tables/member-writes.js';
import { pauseNetwork } from './tables/pace-table.js';
import { reopenRemovals, wakeRemovals } from './tables/removal-writes.js';
import { keyText } from './words.js';

/** A recovered sender that never reported: nobody knows. */
export const NO_REPORT = { kind: 'unknown', code: 'no_report' } as const;

type Outcome = SendOutcome | WithoutKey | typeof NO_REPORT;

type Attempted = Member & { readonly position: number };

/**
 * Records what became of an add, in one transaction. A report that comes after the attempt was
 * given up (its sender was stalled) still counts: it may put a contact point back that a removal,
 * confirmed in the meantime, had taken out, so that removal is opened again.
 */
export async function recordAdd(
  context: ReleaseContext,
  audience: Audience,
  attemptId: string,
  outcome: Outcome,
): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const members = await lockAttempted(tx, attemptId);
    const attempt = await lockAttempt(tx, attemptId);
    if (attempt === undefined || !awaits(attempt, outcome)) return;
    const report = reportOf(context, audience, attempt, outcome, now);
    await reportAttempt(tx, attemptId, report);
    const refused = refusedBy(outcome, members);
    await refuseItems(tx, attemptId, refused);
    // What a newer attempt works on isn't this one's any more.
    const mine = members.filter((member) => member.attemptId === attemptId);
    await moveOn(tx, context, audience, mine, { outcome, refused, report }, now);
    await paceAdds(tx, context, audience, outcome, members.length, now);
    await wakeRemovals(
      tx,
      audience.id,
      members.map((member) => member.fold),
      now,
    );
    if (report.landsBy !== undefined) {
      const back = members.filter(({ state }) => state === 'gone' || state === 'wanted');
      const reopened = await reopenRemovals(tx, audience.id, back, report.landsBy, now);
      await moveMembers(tx, 'reappear', audience.id, reopened, now);
      // A stop that came while the removal counted as done found none to be tied to.
      const leaving = new Map(reopened.map(({ subjectId }) => [subjectId, [audience.id]]));
      await linkStanding(tx, context, leaving);
    }
    const pause = pauseAsked(outcome, context.settings.retry.firstMs);
    if (pause !== undefined && audience.network !== null) {
      await pauseNetwork(tx, audience.network, now + pause);
    }
  });
}

/** Whether this outcome is news: the first report, or the sender's own after it was given up. */
function awaits(attempt: StoredAttempt, outcome: Outcome): boolean {
  return attempt.state === 'sending' || (attempt.state === 'unknown' && outcome !== NO_REPORT);
}

/** The contact points that this outcome names as bad; one that was refused alone needs no name. */
function refusedBy(outcome: Outcome, members: readonly Attempted[]): Attempted[] {
  if (outcome.kind === 'without_key') {
    const without = new Set(outcome.items.map(keyText));
    return members.filter((member) => without.has(keyText(member)));
  }
  if (refusedUnnamed(outcome) && members.length === 1) return [...members];
  const offenders = new Set(outcome.kind === 'rejected' ? outcome.offenders : []);
  return members.filter(({ position }) => offenders.has(position));
}

function reportOf(
  context: ReleaseContext,
  audience: Audience,
  attempt: StoredAttempt,
  outcome: Outcome,
  now: Instant,
): AttemptReport {
  const times = addTimes(context, audience);
  const { deadlineAt } = attempt;
  switch (outcome.kind) {
    case 'accepted':
      return {
        state: 'accepted',
        code: outcome.accountedFor ? 'taken' : 'taken_in_part',
        answeredAt: now,
        received: outcome.received,
        invalid: outcome.invalid,
        job: outcome.job,
        pollAt: outcome.job && (nextPoll(times, now, 0) ?? now + times.giveUpAfterMs),
        landsBy: landsBy(
          { deadlineAt, outcome: 'accepted', answeredAt: now, job: outcome.job && 'running' },
          times,
        ),
      };
    case 'unknown':
      return {
        state: 'unknown',
        code: outcome.code,
        answeredAt: now,
        landsBy: landsBy({ deadlineAt, outcome: 'unknown', answeredAt: now }, times),
      };
    case 'without_key':
      return { state: 'not_sent', code: outcome.kind, answeredAt: now, landsBy: undefined };
    case 'rejected':
    case 'not_sent':
      return { state: outcome.kind, code: outcome.code, answeredAt: now, landsBy: undefined };
  }
}

async function moveOn(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  members: readonly Attempted[],
  { outcome, refused, report }: { outcome: Outcome; refused: Attempted[]; report: AttemptReport },
  now: Instant,
): Promise<void> {
  const { settings, log } = context;
  switch (outcome.kind) {
    case 'accepted':
      if (outcome.job === undefined) {
        await holdMembers(tx, context, audience, members, outcome.accountedFor, now);
      } else {
        await moveMembers(tx, 'take', audience.id, members, now);
      }
      return;
    case 'unknown':
      log('add_outcome_unknown', { audience: audience.id, code: outcome.code });
      await holdMembers(tx, context, audience, members, false, now, report.landsBy);
      return;
    case 'not_sent':
      await returnMembers(tx, audience, members, now);
      return;
    case 'without_key':
    case 'rejected':
      log('add_rejected', { audience: audience.id, code: report.code });
      await refuseMembers(tx, audience, refused, now, now + settings.leaseMs);
      await returnMembers(tx, audience, without(members, refused), now);
  }
}

const without = <T>(all: readonly T[], some: readonly T[]): T[] =>
  all.filter((one) => !some.includes(one));

/** Bad ones aren't sent again; of a renewal, what was held before still is until its lease ends. */
async function refuseMembers(
  tx: Queryable,
  audience: Audience,
  members: readonly Member[],
  now: Instant,
  renewAt: Instant,
): Promise<void> {
  const before = members.filter((member) => member.heldSince !== undefined);
  await moveMembers(tx, 'return_to_held', audience.id, before, now, { renewAt });
  await moveMembers(tx, 'refuse', audience.id, without(members, before), now);
}

/** Certainly nothing was taken: what was held before still is, everything else is wanted again. */
async function returnMembers(
  tx: Queryable,
  audience: Audience,
  members: readonly Member[],
  now: Instant,
): Promise<void> {
  const before = members.filter((member) => member.heldSince !== undefined);
  const first = members.filter((member) => member.heldSince === undefined);
  await moveMembers(tx, 'return_to_held', audience.id, before, now);
  await moveMembers(tx, 'return_to_wanted', audience.id, first, now);
}
