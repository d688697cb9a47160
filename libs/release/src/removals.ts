import { type Connector, rejected, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { lookAgainAt } from '@kyoka/suspension';
import { inSpan, observe } from '@kyoka/telemetry';
import { connectorOf } from './connector-of.js';
import type { ReleaseContext } from './ports.js';
import { reportProgress } from './progress.js';
import { nextRemovals } from './removal-batches.js';
import { confirmRemovals } from './removal-confirmation.js';
import { recordRemoval } from './removal-outcome.js';
import { removalAttempt, standingOf } from './removal-request.js';
import { type Due, stepsOf } from './removal-steps.js';
import { carryOut, type WithoutKey } from './request.js';
import { type Attempt, insertAttempt } from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';
import { takeTurn } from './tables/pace-table.js';
import {
  claimDueRemovals,
  lockRemovals,
  type Removal,
  type RemovalShare,
} from './tables/removal-table.js';
import { markSent, setStanding } from './tables/removal-writes.js';
import { anyRemovalDue } from './tables/waiting.js';
import { groupBy } from './words.js';

/** Removals that are due, after one look at each; what is to be sent stays due until it is recorded. */
export interface DueRemovals {
  readonly found: number;
  readonly toSend: readonly Due[];
}

/**
 * Looks at open removals that are due: confirms what is certain, raises the alarm about what is
 * overdue, and finds what has to be sent. Needs no permission, and works under a freeze, for a
 * disabled recipient and after the audience's end.
 */
export async function advanceRemovals(
  context: ReleaseContext,
  share: RemovalShare,
): Promise<DueRemovals> {
  if (!(await anyRemovalDue(queryable(context.pool), share, context.clock()))) {
    return { found: 0, toSend: [] };
  }
  const due = await inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const removals = await claimDueRemovals(tx, share, now, context.settings.chunk);
    const steps = await stepsOf(tx, context, removals, now);
    await setStandings(tx, context, steps, now);
    return steps;
  });
  const toConfirm = due.filter(({ step }) => step.step === 'confirm');
  if (toConfirm.length > 0) {
    await confirmRemovals(
      context,
      toConfirm.map(({ removal }) => removal),
    );
  }
  return { found: due.length, toSend: due.filter((one) => canBeSent(context, one)) };
}

const canBeSent = (context: ReleaseContext, { audience, step }: Due): boolean =>
  step.step === 'send' &&
  audience.list !== undefined &&
  connectorOf(context, audience) !== undefined;

async function setStandings(
  tx: Queryable,
  context: ReleaseContext,
  due: readonly Due[],
  now: Instant,
): Promise<void> {
  const { retry } = context.settings;
  const late = due.filter(
    ({ removal, step }) => step.status === 'overdue' && removal.overdueAt === undefined,
  );
  const standing = due.flatMap((one) => {
    const { step } = one;
    if (step.step === 'confirm') return [];
    if (!canBeSent(context, one)) return [standingOf(one, lookAgainAt(step, now, retry))];
    return late.includes(one) ? [standingOf(one, now)] : [];
  });
  await setStanding(tx, standing, now);
  await reportProgress(
    tx,
    'overdue',
    late.map(({ removal }) => removal.id),
    now,
  );
  for (const [audience, ofAudience] of groupBy(late, (one) => one.audience.id)) {
    context.log('removal_overdue', { audience, removals: ofAudience.length });
  }
}

/**
 * Sends the next request of each audience, audiences side by side, what never failed first. Each is
 * recorded right before it is sent, so that it has the whole of its deadline, and a stop that comes
 * in meanwhile waits for no more than the one at hand.
 */
export async function sendRemovals(context: ReleaseContext, due: readonly Due[]): Promise<void> {
  await Promise.all(
    [...groupBy(due, (one) => one.audience.id).values()].map((ofAudience) =>
      sendNext(context, ofAudience),
    ),
  );
}

async function sendNext(context: ReleaseContext, due: readonly Due[]): Promise<void> {
  const [{ audience }] = due as [Due];
  const connector = connectorOf(context, audience);
  if (connector === undefined) return;
  const { network, quota } = connector.capabilities;
  const waitUntil = await takeTurn(context.pool, network, quota, context.clock(), 1);
  if (waitUntil !== undefined) return postpone(context, due, waitUntil);
  const removals = nextRemovals(
    due.map(({ removal }) => removal),
    connector.capabilities,
  );
  const attempt = await recordRequest(context, audience, connector, removals);
  if (attempt === undefined) return;
  await inSpan('removal', { network, persons: attempt.persons }, async () => {
    const outcome = await carryOut(context, audience, attempt);
    await recordRemoval(context, audience, attempt.id, withOffenders(outcome));
  });
}

/** Records a request of what is still to be sent; another worker may have been faster. */
function recordRequest(
  context: ReleaseContext,
  audience: Audience,
  connector: Connector,
  removals: readonly Removal[],
): Promise<Attempt | undefined> {
  return inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const due = await stillToSend(tx, context, removals, now);
    if (due.length === 0) return undefined;
    const attempt = removalAttempt(audience.id, due, connector.capabilities, now);
    const claimed = attempt.deadlineAt + context.settings.reportWithinMs;
    await insertAttempt(tx, attempt, { claimed, lands: undefined });
    await setStanding(
      tx,
      due.map((one) => standingOf(one, claimed)),
      now,
    );
    await markSent(
      tx,
      attempt.id,
      due.map(({ removal }) => removal.id),
      now,
      claimed,
    );
    const first = due.filter(({ removal }) => removal.facts.last === undefined);
    const network = audience.network ?? '';
    for (const { removal } of first) {
      observe('kyoka_removal_sent_seconds', { network }, now - removal.facts.requestedAt);
    }
    await reportProgress(
      tx,
      'removal_requested',
      first.map(({ removal }) => removal.id),
      now,
    );
    return attempt;
  });
}

/** The network takes no request before `until`; what becomes overdue before that is looked at then. */
function postpone(context: ReleaseContext, due: readonly Due[], until: Instant): Promise<void> {
  return inTransaction(context.pool, async (tx) => {
    const now = context.clock();
    const waiting = await stillToSend(
      tx,
      context,
      due.map(({ removal }) => removal),
      now,
    );
    await setStanding(
      tx,
      waiting.map((one) =>
        standingOf(
          one,
          one.step.status === 'overdue' ? until : Math.min(until, one.step.dueBy + 1),
        ),
      ),
      now,
    );
  });
}

async function stillToSend(
  tx: Queryable,
  context: ReleaseContext,
  removals: readonly Removal[],
  now: Instant,
): Promise<Due[]> {
  const locked = await lockRemovals(
    tx,
    removals.map(({ id }) => id),
  );
  const due = await stepsOf(tx, context, locked, now);
  return due.filter(({ step }) => step.step === 'send');
}

/** A record of a removal is one contact point: without its match key the record is bad. */
const withOffenders = (outcome: SendOutcome | WithoutKey): SendOutcome =>
  outcome.kind === 'without_key'
    ? rejected('malformed_match_key', { offenders: outcome.items.map((item) => item.position) })
    : outcome;
