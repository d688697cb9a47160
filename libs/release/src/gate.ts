import type { Connector } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import { inTransaction, type Queryable } from '@kyoka/postgres';
import { landsBy } from '@kyoka/suspension';
import { batchLimit } from './add-pace.js';
import { attemptOf, firstRequest } from './batch.js';
import { addTimes } from './due.js';
import { usableDecisions } from './identifiers.js';
import type { PersonDecision, ReleaseContext } from './ports.js';
import { allowedKeys, countFallen, outOfPermission, takeOut } from './reconcile.js';
import { recordReleases } from './release-record.js';
import { type Attempt, insertAttempt } from './tables/attempt-table.js';
import { askOf, type Audience, holdAudience } from './tables/audience-table.js';
import { lockSendable, lockSendableOf, type Member } from './tables/member-table.js';
import { moveMembers, setDue } from './tables/member-writes.js';
import { keyText } from './words.js';

/** What the gate did: an attempt to carry out, members that fell out, or nothing to ask about. */
export type GateResult =
  | { readonly kind: 'passed'; readonly attempt: Attempt }
  | { readonly kind: 'refused' }
  | { readonly kind: 'idle' }
  /** Stops kept coming in; asked again later. */
  | { readonly kind: 'contended' };

/** The batch has to be decided again: something that narrows it committed after its decision. */
class Narrowed extends Error {}

const GATE_TRIES = 5;

/**
 * The one door out (design §2.2, §3). One transaction decides for the next batch of an audience,
 * records the attempt and a release per person, takes the shared side of the barrier as its last
 * lock, looks once more for what committed meanwhile, and commits. If something of the batch was
 * narrowed it rolls back and decides what remains anew. Only what it returns as `passed` may be sent,
 * and only until the attempt's deadline.
 */
export async function passGate(
  context: ReleaseContext,
  audienceId: string,
  connector: Connector,
): Promise<GateResult> {
  for (let attempt = 0; attempt < GATE_TRIES; attempt += 1) {
    try {
      return await inTransaction(context.pool, (tx) =>
        gateOnce(tx, context, audienceId, connector),
      );
    } catch (fault) {
      if (!(fault instanceof Narrowed)) throw fault;
    }
  }
  return { kind: 'contended' };
}

async function gateOnce(
  tx: Queryable,
  context: ReleaseContext,
  audienceId: string,
  connector: Connector,
): Promise<GateResult> {
  const { guard, clock } = context;
  const audience = await holdAudience(tx, audienceId);
  if (audience === undefined) return { kind: 'idle' };
  const limit = batchLimit(audience.adds, connector.capabilities.maxPersonsPerRequest);
  const members = await lockSendable(tx, audienceId, clock(), limit);
  if (members.length === 0) return { kind: 'idle' };
  const mark = await guard.mark(tx);
  const subjects = [...new Set(members.map((member) => member.subjectId))];
  const decisions = usableDecisions(
    context,
    audience,
    await context.decide(tx, askOf(audience, clock()), subjects),
  );
  const allowed = allowedKeys(decisions);
  const records = firstRequest(
    members.filter((member) => allowed.has(keyText(member))),
    connector.capabilities,
  );
  const batch = records.flat();
  const asked = await withWholeLast(tx, audienceId, members, limit, clock());
  await setDue(tx, audience.id, asked, decisions);
  await refuse(tx, context, audience, asked, decisions);
  if (batch.length === 0) return { kind: 'refused' };

  const attempt = attemptOf(audience.id, records, clock(), connector.capabilities);
  await insertAttempt(tx, attempt, {
    claimed: attempt.deadlineAt + context.settings.reportWithinMs,
    lands: landsBy(
      { deadlineAt: attempt.deadlineAt, outcome: 'open' },
      addTimes(context, audience),
    ),
  });
  await moveMembers(tx, 'pass', audience.id, batch, attempt.gateAt, { attemptId: attempt.id });
  await recordReleases(tx, audience, attempt, connector.destination, decisions);
  await guard.close(tx);
  const released = [...new Set(batch.map((member) => member.subjectId))];
  if (await guard.narrowed(tx, mark, released)) throw new Narrowed();
  return { kind: 'passed', attempt };
}

/**
 * The members with all that the last person has: where the limit cut somebody in two who is refused,
 * the other half would be refused again, and the person be counted twice.
 */
async function withWholeLast(
  tx: Queryable,
  audienceId: string,
  members: readonly Member[],
  limit: number,
  now: Instant,
): Promise<readonly Member[]> {
  const last = members.at(-1);
  if (last === undefined || members.length < limit) return members;
  const others = members.filter(({ subjectId }) => subjectId !== last.subjectId);
  return [...others, ...(await lockSendableOf(tx, audienceId, now, last.subjectId))];
}

/** Takes out what the decisions don't allow; under a ground that passes, a renewal just waits. */
async function refuse(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  members: readonly Member[],
  decisions: readonly PersonDecision[],
): Promise<void> {
  const now = context.clock();
  const allowed = allowedKeys(decisions);
  const out = outOfPermission(members, decisions);
  const waiting = members.filter(
    (member) => !allowed.has(keyText(member)) && !out.includes(member),
  );
  await takeOut(tx, context, audience, out, 'not_permitted', now);
  await moveMembers(tx, 'drop', audience.id, waiting, now, { runId: null });
  await moveMembers(tx, 'hold', audience.id, waiting, now, {
    renewAt: now + context.settings.retry.mostMs,
  });
  await countFallen(tx, members, decisions);
}
