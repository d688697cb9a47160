import { type JobOutcome, nextPoll } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { connectorOf } from './connector-of.js';
import { addTimes, removalTimes } from './due.js';
import { holdMembers } from './hold-members.js';
import type { ReleaseContext } from './ports.js';
import { failRemovals } from './removal-outcome.js';
import {
  claimJobs,
  endJob,
  type JobState,
  lockAttempt,
  pollAgain,
  type StoredAttempt,
} from './tables/attempt-table.js';
import { type Audience, findAudience } from './tables/audience-table.js';
import { lockAttempted } from './tables/member-table.js';
import { lockSentBy } from './tables/removal-table.js';
import { setResult, wakeRemovals } from './tables/removal-writes.js';

const JOBS_AT_ONCE = 50;

/**
 * Asks networks about jobs that are due and records their end.
 *
 * @returns whether there was a job to ask about
 */
export async function pollJobs(context: ReleaseContext): Promise<boolean> {
  const { clock, settings } = context;
  const now = clock();
  const due = await inTransaction(context.pool, (tx) =>
    claimJobs(tx, now, now + settings.reportWithinMs, JOBS_AT_ONCE),
  );
  await Promise.all(due.map((attempt) => pollOne(context, attempt)));
  return due.length > 0;
}

async function pollOne(context: ReleaseContext, attempt: StoredAttempt): Promise<void> {
  const audience = await findAudience(queryable(context.pool), attempt.audienceId);
  if (audience === undefined || attempt.job === undefined) return;
  const connector = connectorOf(context, audience);
  let outcome: JobOutcome = { kind: 'unknown', code: 'cut' };
  try {
    outcome = (await connector?.poll?.(attempt.job)) ?? outcome;
  } catch {
    // The job may have any state: asked again.
  }
  await recordJob(context, audience, attempt.id, outcome);
}

async function recordJob(
  context: ReleaseContext,
  audience: Audience,
  attemptId: string,
  outcome: JobOutcome,
): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const members = await lockAttempted(tx, attemptId);
    const removals = await lockSentBy(tx, attemptId);
    const attempt = await lockAttempt(tx, attemptId);
    if (attempt === undefined || attempt.jobState !== 'running') return;
    const ended = await endOf(tx, context, audience, attempt, outcome, now);
    if (ended === undefined) return;
    await endJob(tx, attemptId, ended, now);
    if (ended !== 'complete')
      context.log('job_incomplete', { audience: audience.id, op: attempt.op, code: ended });
    if (attempt.op === 'add') {
      const mine = members.filter((member) => member.attemptId === attemptId);
      await holdMembers(tx, context, audience, mine, ended === 'complete', now);
      await wakeRemovals(
        tx,
        audience.id,
        members.map((member) => member.fold),
        now,
      );
    } else if (ended === 'complete') {
      await setResult(
        tx,
        removals.map(({ id }) => id),
        'complete',
        now,
      );
    } else {
      await failRemovals(tx, context, attemptId, removals, now, {
        counts: true,
        splits: ended !== 'given_up',
      });
    }
  });
}

/** How the job ended; `undefined` when it hasn't, and the next question is set. */
async function endOf(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  attempt: StoredAttempt,
  outcome: JobOutcome,
  now: Instant,
): Promise<JobState | undefined> {
  if (outcome.kind === 'done') return outcome.complete ? 'complete' : 'incomplete';
  if (outcome.kind === 'failed') return 'failed';
  const times =
    attempt.op === 'add' ? addTimes(context, audience) : removalTimes(context, audience);
  const polls = attempt.polls + 1;
  const next = nextPoll(times, attempt.answeredAt ?? now, polls);
  if (next === null) return 'given_up';
  await pollAgain(tx, attempt.id, polls, Math.max(next, now + 1));
  return undefined;
}
