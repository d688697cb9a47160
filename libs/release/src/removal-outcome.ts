import { mayBlameRecord, nextPoll, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import { retryAt } from '@kyoka/suspension';
import type { NO_REPORT } from './add-outcome.js';
import { removalTimes } from './due.js';
import { pauseAsked } from './pace.js';
import type { ReleaseContext } from './ports.js';
import { reportProgress } from './progress.js';
import { lockAttempt, reportAttempt } from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';
import { pauseNetwork } from './tables/pace-table.js';
import { lockSentBy, type Removal } from './tables/removal-table.js';
import { setResult } from './tables/removal-writes.js';
import { groupBy } from './words.js';

/** Records what became of a request of removals. Only an outcome that accounts for every record can confirm. */
export async function recordRemoval(
  context: ReleaseContext,
  audience: Audience,
  attemptId: string,
  outcome: SendOutcome | typeof NO_REPORT,
): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const removals = await lockSentBy(tx, attemptId);
    const attempt = await lockAttempt(tx, attemptId);
    if (attempt === undefined || attempt.state !== 'sending') return;
    const times = removalTimes(context, audience);
    const taken = outcome.kind === 'accepted' && outcome.accountedFor;
    const job = outcome.kind === 'accepted' ? outcome.job : undefined;
    await reportAttempt(tx, attemptId, {
      state: outcome.kind,
      code: outcome.kind === 'accepted' ? (taken ? 'taken' : 'taken_in_part') : outcome.code,
      answeredAt: now,
      landsBy: undefined,
      ...(outcome.kind === 'accepted'
        ? { received: outcome.received, invalid: outcome.invalid, job }
        : {}),
      pollAt: job && (nextPoll(times, now, 0) ?? now + times.giveUpAfterMs),
    });
    if (taken) {
      await setResult(
        tx,
        removals.map(({ id }) => id),
        'taken',
        now,
      );
      await reportProgress(
        tx,
        'unconfirmed',
        removals.map(({ id }) => id),
        now,
      );
      return;
    }
    context.log('removal_not_taken', {
      audience: audience.id,
      code: outcome.kind === 'accepted' ? 'taken_in_part' : outcome.code,
    });
    const pause = pauseAsked(outcome, context.settings.retry.firstMs);
    await failRemovals(tx, context, attemptId, removals, now, {
      offenders: outcome.kind === 'rejected' ? outcome.offenders : undefined,
      askedMs: pause,
      counts: outcome.kind !== 'not_sent',
      splits: outcome.kind === 'accepted' || mayBlameRecord(outcome.code),
    });
    if (pause !== undefined && audience.network !== null) {
      await pauseNetwork(tx, audience.network, now + pause);
    }
  });
}

/** What came of a request that failed. */
interface Failure {
  /** Places in the request of records that were named as bad. */
  readonly offenders?: readonly number[] | undefined;
  readonly askedMs?: number | undefined;
  /** False where nothing was tried: no byte left. */
  readonly counts: boolean;
  /** Whether one of its records may be why. */
  readonly splits: boolean;
}

/** Sets the next turn of removals that failed: at once for those that only shared a request with a bad record. */
export async function failRemovals(
  tx: Queryable,
  context: ReleaseContext,
  attemptId: string,
  removals: readonly Removal[],
  now: Instant,
  { offenders = [], askedMs, counts, splits }: Failure,
): Promise<void> {
  const bad = await removalsAt(tx, attemptId, offenders);
  const bystanders = removals.filter((removal) => bad.size > 0 && !bad.has(removal.id));
  const failed = removals.filter((removal) => !bystanders.includes(removal));
  await setResult(
    tx,
    bystanders.map(({ id }) => id),
    'failed',
    now,
    { at: now, counts: false },
  );
  for (const [failures, alike] of groupBy(failed, (removal) => removal.failures)) {
    const nth = counts ? failures + 1 : 1;
    await setResult(
      tx,
      alike.map(({ id }) => id),
      'failed',
      now,
      { at: retryAt(now, nth, context.settings.retry, askedMs), counts, splits },
    );
  }
}

async function removalsAt(
  tx: Queryable,
  attemptId: string,
  positions: readonly number[],
): Promise<Set<string>> {
  if (positions.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(
    `select r.id from audiences.attempt_item i join audiences.removal r on r.last_attempt_id = i.attempt_id
       and (r.subject_id, r.kind, r.token) = (i.subject_id, i.kind, i.token)
     where i.attempt_id = $1 and i.position = any ($2::integer[])`,
    [attemptId, positions],
  );
  return new Set(rows.map((row) => row.id));
}
