import type { Connector } from '@kyoka/connector-kit';
import { DAY, isKyokaError } from '@kyoka/kernel';
import { inTransaction, queryable } from '@kyoka/postgres';
import { count, inSpan } from '@kyoka/telemetry';
import { waitLonger } from './add-backoff.js';
import { NO_REPORT, recordAdd } from './add-outcome.js';
import { connectorOf } from './connector-of.js';
import { passGate } from './gate.js';
import { ADDS_SHARE } from './pace.js';
import type { ReleaseContext } from './ports.js';
import { recordRemoval } from './removal-outcome.js';
import { carryOut } from './request.js';
import { lockAttempt, unreported } from './tables/attempt-table.js';
import { audiencesToSend, claimList, holdBack, setList } from './tables/audience-adds-table.js';
import { type Audience, findAudience } from './tables/audience-table.js';
import { takeTurn } from './tables/pace-table.js';
import { isSwitchedOnFor } from './tables/recipient-table.js';

const REPORTS_AT_ONCE = 50;

/**
 * Sends the next batch of every audience that has something to add or to renew, audiences side by
 * side.
 *
 * @returns whether there was anything to send
 */
export async function sendNextBatches(context: ReleaseContext): Promise<boolean> {
  const ids = await audiencesToSend(queryable(context.pool), context.clock());
  const worked = await Promise.all(ids.map((id) => sendNextBatch(context, id)));
  return worked.includes(true);
}

async function sendNextBatch(context: ReleaseContext, audienceId: string): Promise<boolean> {
  const found = await findAudience(queryable(context.pool), audienceId);
  const connector = found && connectorOf(context, found);
  if (found === undefined || connector === undefined) return false;
  const audience = await withList(context, found, connector);
  if (audience === undefined || connectorOf(context, audience) === undefined) return false;
  const { network, quota } = connector.capabilities;
  const waitUntil = await takeTurn(context.pool, network, quota, context.clock(), ADDS_SHARE);
  if (waitUntil !== undefined) {
    await holdBack(queryable(context.pool), audienceId, waitUntil);
    return false;
  }
  const result = await inSpan('gate', { network }, async (span) => {
    const passed = await passGate(context, audienceId, connector);
    span.say({ result: passed.kind });
    return passed;
  });
  if (result.kind !== 'passed') return result.kind === 'refused';
  count('kyoka_released_persons_total', { network }, result.attempt.persons);
  const outcome = await carryOut(context, audience, result.attempt);
  await recordAdd(context, audience, result.attempt.id, outcome);
  return true;
}

/**
 * The audience with its list at the network, made by one worker when it is first needed; `undefined`
 * if there is none yet. Its name says nothing about anybody. Where the recipient isn't switched on for
 * this destination none is made: the gate lets nothing pass to it.
 */
async function withList(
  context: ReleaseContext,
  audience: Audience,
  connector: Connector,
): Promise<Audience | undefined> {
  if (audience.list !== undefined) return audience;
  const db = queryable(context.pool);
  if (!(await isSwitchedOnFor(db, audience.recipientId, connector.destination))) return audience;
  const now = context.clock();
  if (!(await claimList(db, audience.id, now, now + context.settings.reportWithinMs))) {
    return undefined;
  }
  try {
    const lifetime = connector.capabilities.memberLifetimeDays;
    const days = Math.ceil(context.settings.leaseMs / DAY);
    const wanted = lifetime ? Math.min(Math.max(days, lifetime.min), lifetime.max) : days;
    const list = await connector.ensureList(`kyoka-${audience.id}`, wanted);
    const made = { ref: list.id, destination: connector.destination };
    return { ...audience, list: await setList(db, audience.id, made) };
  } catch (fault) {
    const code = isKyokaError(fault) ? fault.code : 'internal';
    context.log('list_unavailable', { audience: audience.id, code });
    const patient = !isKyokaError(fault) || fault.retry !== 'backoff';
    await inTransaction(context.pool, (tx) =>
      waitLonger(tx, context, audience.id, { patient }, context.clock()),
    );
    return undefined;
  }
}

/**
 * Gives up attempts whose sender died or stalled: nobody knows what became of them.
 *
 * @returns whether there was one
 */
export async function recoverAttempts(context: ReleaseContext): Promise<boolean> {
  const lost = await unreported(queryable(context.pool), context.clock(), REPORTS_AT_ONCE);
  for (const id of lost) {
    const attempt = await inTransaction(context.pool, (tx) => lockAttempt(tx, id));
    const audience = attempt && (await findAudience(queryable(context.pool), attempt.audienceId));
    if (attempt === undefined || audience === undefined) continue;
    const record = attempt.op === 'add' ? recordAdd : recordRemoval;
    await record(context, audience, id, NO_REPORT);
  }
  return lost.length > 0;
}
