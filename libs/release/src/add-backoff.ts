import { mayBlameRecord, type SendOutcome } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { retryAt } from '@kyoka/suspension';
import { type AddResult, paceAfter } from './add-pace.js';
import type { ReleaseContext } from './ports.js';
import { type Audience, holdBack, lockAddPace, setAddPace } from './tables/audience-table.js';

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
 * points. Waits double with every failure in a row. A request that is to be halved waits for nothing.
 */
export async function paceAdds(
  tx: Queryable,
  { connectors, settings }: Pick<ReleaseContext, 'connectors' | 'settings'>,
  audience: Audience,
  outcome: Outcome,
  size: number,
  now: Instant,
): Promise<void> {
  const result = resultOf(outcome);
  const most = connectors.get(audience.network ?? '')?.capabilities.maxPersonsPerRequest ?? 1;
  if (result === undefined) return;
  const before = await lockAddPace(tx, audience.id);
  const after = paceAfter(before, result, size, most);
  await setAddPace(tx, audience.id, after);
  if (after.failures <= before.failures) return;
  const patient = outcome.kind === 'rejected' && result === 'failed' && outcome.retry !== 'backoff';
  const askedMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
  const failures = patient ? LONGEST : after.failures;
  await holdBack(tx, audience.id, retryAt(now, failures, settings.retry, askedMs));
}

/** What it says about the next one; `undefined` where the next goes as this one did, without the bad ones. */
function resultOf(outcome: Outcome): AddResult | undefined {
  if (outcome.kind === 'accepted') return 'taken';
  if (outcome.kind === 'without_key') return undefined;
  if (refusedUnnamed(outcome)) return 'refused';
  return outcome.kind === 'rejected' && outcome.offenders?.length ? undefined : 'failed';
}
