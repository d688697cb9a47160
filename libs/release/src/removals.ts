import { randomUUID } from 'node:crypto';
import { type Connector, rejected, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { lookAgainAt } from '@kyoka/suspension';
import { connectorOf } from './connector-of.js';
import type { ReleaseContext } from './ports.js';
import { reportProgress } from './progress.js';
import { removalBatches } from './removal-batches.js';
import { confirmRemovals } from './removal-confirmation.js';
import { recordRemoval } from './removal-outcome.js';
import { type Due, stepsOf } from './removal-steps.js';
import { carryOut, type WithoutKey } from './request.js';
import { type Attempt, insertAttempt } from './tables/attempt-table.js';
import { type Audience, findAudience } from './tables/audience-table.js';
import { claimDueRemovals, type Removal, type RemovalShare } from './tables/removal-table.js';
import { markSent, setStanding } from './tables/removal-writes.js';
import { groupBy } from './words.js';

/** Removals that are due, after one look at each. */
export interface DueRemovals {
  readonly found: number;
  readonly toSend: readonly Attempt[];
}

/**
 * Looks at open removals that are due and does their next step: records the requests to be sent,
 * confirms what is certain, and raises the alarm about what is overdue. Needs no permission, and
 * works under a freeze, for a disabled recipient and after the audience's end.
 */
export async function advanceRemovals(
  context: ReleaseContext,
  share: RemovalShare,
): Promise<DueRemovals> {
  const { found, toSend, toConfirm } = await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const removals = await claimDueRemovals(tx, share, now, context.settings.chunk);
    if (removals.length === 0) return { found: 0, toSend: [], toConfirm: [] };
    const due = await stepsOf(tx, context, removals, now);
    return {
      found: due.length,
      toSend: await recordRequests(tx, context, due, now),
      toConfirm: due.filter(({ step }) => step.step === 'confirm').map(({ removal }) => removal),
    };
  });
  if (toConfirm.length > 0) await confirmRemovals(context, toConfirm);
  return { found, toSend };
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
        dueAt: lookAgainAt(step, now, context.settings.retry),
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
    const connector = connectorOf(context, audience);
    if (connector === undefined || audience.list === undefined) continue;
    for (const batch of removalBatches(
      ofAudience.map((one) => one.removal),
      connector.capabilities,
    )) {
      attempts.push(await recordRequest(tx, context, audience, connector, batch, now));
    }
  }
  return attempts;
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
          const outcome = await carryOut(context, audience, attempt);
          await recordRemoval(context, audience, attempt.id, withOffenders(outcome));
        }
      },
    ),
  );
}

/** A record of a removal is one contact point: without its match key the record is bad. */
const withOffenders = (outcome: SendOutcome | WithoutKey): SendOutcome =>
  outcome.kind === 'without_key'
    ? rejected('malformed_match_key', { offenders: outcome.items.map((item) => item.position) })
    : outcome;
