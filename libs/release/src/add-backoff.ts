import { mayBlameRecord, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { retryAt } from '@kyoka/suspension';
import { type AddResult, paceAfter } from './add-pace.js';
import type { ReleaseContext } from './ports.js';
import { holdBack, lockAddPace, setAddPace } from './tables/audience-adds-table.js';
import { type Audience } from './tables/audience-table.js';

type Outcome =
  | SendOutcome
  | { readonly kind: 'unknown'; readonly code: 'no_report' }
  | { readonly kind: 'without_key' };

/** Failures after which a wait doubles no more: what asks for a person waits so long from the first. */
const LONGEST = 30;

/** Whether nothing was taken, perhaps because of a record, and the network doesn't say of which. */
export const refusedUnnamed = (outcome: Outcome): boolean =>
  outcome.kind === 'rejected' && mayBlameRecord(outcome.code) && !outcome.offenders?.length;

/**
 * Sets how large the audience's next add may be and when it may go, after one of `size` contact
 * points. A request that is to be halved waits for nothing.
 */
export async function paceAdds(
  tx: Queryable,
  context: Pick<ReleaseContext, 'connectors' | 'settings'>,
  audience: Audience,
  outcome: Outcome,
  size: number,
  now: Instant,
): Promise<void> {
  const result = resultOf(outcome);
  if (result === undefined) return;
  const { network } = audience;
  const connector = network === null ? undefined : context.connectors.get(network);
  const most = connector?.capabilities.maxPersonsPerRequest ?? 1;
  if (result === 'taken' || (result === 'refused' && size > 1)) {
    const before = await lockAddPace(tx, audience.id);
    await setAddPace(tx, audience.id, paceAfter(before, result, size, most));
    return;
  }
  const patient = outcome.kind === 'rejected' && result === 'failed' && outcome.retry !== 'backoff';
  const askedMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  await waitLonger(tx, context, audience.id, { result, patient, askedMs }, now);
}

/**
 * Nothing of an audience could be added, not even its list made: the wait doubles with every failure
 * in a row. One that asks for a person waits longest from the first.
 */
export async function waitLonger(
  tx: Queryable,
  { settings }: Pick<ReleaseContext, 'settings'>,
  audienceId: string,
  why: {
    readonly result?: 'failed' | 'refused';
    readonly patient: boolean;
    readonly askedMs?: number | undefined;
  },
  now: Instant,
): Promise<void> {
  const after = paceAfter(await lockAddPace(tx, audienceId), why.result ?? 'failed', 1, 1);
  await setAddPace(tx, audienceId, after);
  const failures = why.patient ? LONGEST : after.failures;
  await holdBack(tx, audienceId, retryAt(now, failures, settings.retry, why.askedMs));
}

/** What it says about the next one; `undefined` where the next goes as this one did, without the bad ones. */
function resultOf(outcome: Outcome): AddResult | undefined {
  if (outcome.kind === 'accepted') return 'taken';
  if (outcome.kind === 'without_key') return undefined;
  if (refusedUnnamed(outcome)) return 'refused';
  return outcome.kind === 'rejected' && outcome.offenders?.length ? undefined : 'failed';
}
