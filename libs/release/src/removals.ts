import { randomUUID } from 'node:crypto';
import {
  type Connector,
  nextPoll,
  type SendOutcome,
  splitIntoRequests,
} from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { nextStep, retryAt, type Step } from '@kyoka/suspension';
import { NO_REPORT } from './add-outcome.js';
import { removalTimes } from './due.js';
import type { ReleaseContext } from './ports.js';
import { reportProgress } from './progress.js';
import { carryOut } from './request.js';
import { type Attempt, insertAttempt, lockAttempt, reportAttempt } from './tables/attempt-table.js';
import { type Audience, findAudience, findAudiences } from './tables/audience-table.js';
import { lockMembersOf, moveMembers, renewSharers } from './tables/member-table.js';
import {
  claimDueRemovals,
  lockRemovals,
  lockSentBy,
  markConfirmed,
  markSent,
  type Removal,
  setResult,
  setStanding,
} from './tables/removal-table.js';
import { groupBy } from './words.js';

/** Removals that are due, after one look at each. */
export interface DueRemovals {
  readonly found: number;
  readonly toSend: readonly Attempt[];
}

interface Due {
  readonly removal: Removal;
  readonly audience: Audience;
  readonly step: Step;
}

/**
 * Looks at open removals that are due and does their next step: records the requests to be sent,
 * confirms what is certain, and raises the alarm about what is overdue. Needs no permission, and
 * works under a freeze, for a disabled recipient and after the audience's end.
 */
export async function advanceRemovals(context: ReleaseContext): Promise<DueRemovals> {
  const { found, toSend, toConfirm } = await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const due = await stepsOf(
      tx,
      context,
      await claimDueRemovals(tx, now, context.settings.chunk),
      now,
    );
    return {
      found: due.length,
      toSend: await recordRequests(tx, context, due, now),
      toConfirm: due.filter(({ step }) => step.step === 'confirm').map(({ removal }) => removal),
    };
  });
  if (toConfirm.length > 0) await confirm(context, toConfirm);
  return { found, toSend };
}

async function stepsOf(
  db: Queryable,
  context: ReleaseContext,
  removals: readonly Removal[],
  now: Instant,
): Promise<Due[]> {
  const audiences = await findAudiences(db, [...new Set(removals.map((one) => one.audienceId))]);
  return removals.flatMap((removal) => {
    const audience = audiences.get(removal.audienceId);
    if (audience === undefined) return [];
    return [
      { removal, audience, step: nextStep(removal.facts, removalTimes(context, audience), now) },
    ];
  });
}

async function recordRequests(
  tx: Queryable,
  context: ReleaseContext,
  due: readonly Due[],
  now: Instant,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  await setStanding(
    tx,
    due
      .filter(({ step }) => step.step !== 'confirm')
      .map(({ removal, step }) => ({
        id: removal.id,
        status: step.status,
        dueAt: lookAgainAt(context, step, now),
        dueBy: step.dueBy,
      })),
    now,
  );
  const overdue = due.filter(
    ({ removal, step }) => step.status === 'overdue' && removal.overdueAt === undefined,
  );
  await reportProgress(
    tx,
    'overdue',
    overdue.map(({ removal }) => removal.id),
    now,
  );
  for (const [audience, late] of groupBy(overdue, (one) => one.audience.id)) {
    context.log('removal_overdue', { audience, removals: late.length });
  }
  const sendable = due.filter(({ step }) => step.step === 'send');
  for (const ofAudience of groupBy(sendable, (one) => one.audience.id).values()) {
    const [{ audience }] = ofAudience as [Due];
    const connector =
      audience.network === null ? undefined : context.connectors.get(audience.network);
    if (connector === undefined || audience.listRef === undefined) continue;
    for (const batch of batches(
      ofAudience.map((one) => one.removal),
      connector,
    )) {
      attempts.push(await recordRequest(tx, context, audience, connector, batch, now));
    }
  }
  return attempts;
}

/** A request is looked at again when its sender should have reported, or the network has. */
function lookAgainAt(context: ReleaseContext, step: Step, now: Instant): Instant {
  if (step.step !== 'wait') return now + context.settings.retry.firstMs;
  // An overdue removal waits for a report that may never come.
  return Math.max(
    step.until,
    now + (step.status === 'overdue' ? context.settings.retry.mostMs : 1),
  );
}

/** What has failed before goes in smaller and smaller requests, so that one bad record keeps no other waiting. */
function batches(removals: readonly Removal[], connector: Connector): Removal[][] {
  const { capabilities } = connector;
  return [...groupBy(removals, (removal) => removal.failures)].flatMap(([failures, alike]) => {
    const most = Math.max(1, Math.floor(capabilities.maxPersonsPerRequest / 10 ** failures));
    const records = alike.map((removal) => ({
      emails: removal.kind === 'email' ? ['x'] : [],
      phones: removal.kind === 'phone' ? ['x'] : [],
      removal,
    }));
    return splitIntoRequests(records, { ...capabilities, maxPersonsPerRequest: most }).map(
      (request) => request.map((record) => record.removal),
    );
  });
}

async function recordRequest(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  connector: Connector,
  removals: readonly Removal[],
  now: Instant,
): Promise<Attempt> {
  const attempt: Attempt = {
    id: randomUUID(),
    op: 'remove',
    audienceId: audience.id,
    persons: removals.length,
    gateAt: now,
    deadlineAt: now + connector.capabilities.sendDeadlineMs,
    items: removals.map(({ subjectId, kind, token, fold }, position) => ({
      position,
      subjectId,
      kind,
      token,
      fold,
      runId: null,
    })),
  };
  const claimed = attempt.deadlineAt + context.settings.reportWithinMs;
  await insertAttempt(tx, attempt, { claimed, lands: undefined });
  const ids = removals.map((removal) => removal.id);
  await markSent(tx, attempt.id, ids, now, claimed);
  const first = removals.filter((removal) => removal.facts.last === undefined);
  await reportProgress(
    tx,
    'removal_requested',
    first.map((removal) => removal.id),
    now,
  );
  return attempt;
}

/**
 * Confirms removals. Their members are locked first, as everywhere, and what the network may still
 * do is asked again under that lock: a late report of an add may have come in between.
 */
async function confirm(context: ReleaseContext, removals: readonly Removal[]): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    await lockMembersOf(tx, [...new Set(removals.map((removal) => removal.subjectId))]);
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

/** Sends recorded removals, one request after another for each audience, audiences side by side. */
export async function sendRemovals(
  context: ReleaseContext,
  attempts: readonly Attempt[],
): Promise<void> {
  await Promise.all(
    [...groupBy(attempts, (attempt) => attempt.audienceId)].map(
      async ([audienceId, ofAudience]) => {
        const audience = await findAudience(queryable(context.pool), audienceId);
        if (audience === undefined) return;
        for (const attempt of ofAudience) {
          await recordRemoval(
            context,
            audience,
            attempt.id,
            await carryOut(context, audience, attempt),
          );
        }
      },
    ),
  );
}

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
    const offenders = outcome.kind === 'rejected' ? (outcome.offenders ?? []) : [];
    const askedMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
    await failRemovals(tx, context, attemptId, removals, now, { offenders, askedMs });
  });
}

/** Sets the next turn of removals that failed: at once for those that only shared a request with a bad record. */
export async function failRemovals(
  tx: Queryable,
  context: ReleaseContext,
  attemptId: string,
  removals: readonly Removal[],
  now: Instant,
  why: { readonly offenders?: readonly number[]; readonly askedMs?: number | undefined } = {},
): Promise<void> {
  const { offenders = [], askedMs } = why;
  const bad = new Set<string>();
  if (offenders.length > 0) {
    const rows = await tx.query<{ id: string }>(
      `select r.id from audiences.attempt_item i join audiences.removal r on r.last_attempt_id = i.attempt_id
         and (r.subject_id, r.kind, r.token) = (i.subject_id, i.kind, i.token)
       where i.attempt_id = $1 and i.position = any ($2::integer[])`,
      [attemptId, offenders],
    );
    for (const row of rows) bad.add(row.id);
  }
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
    const at = retryAt(now, failures + 1, context.settings.retry, askedMs);
    await setResult(
      tx,
      alike.map(({ id }) => id),
      'failed',
      now,
      { at, counts: true },
    );
  }
}
