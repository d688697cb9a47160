import { PoliciesInForce } from '@kyoka/edge';
import { SECOND } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable } from '@kyoka/postgres';
import type { ProcessParts } from './process-parts.js';

const EVERY_MS = 5 * SECOND;

/** What the policies that are switched on know, read again every few seconds. */
export async function watchPolicies(
  pool: Pool,
  policies: PolicySet,
  { closing, log }: ProcessParts,
): Promise<PoliciesInForce> {
  const inForce = new PoliciesInForce(queryable(pool), policies);
  await inForce.refresh();
  const timer = setInterval(
    () => void inForce.refresh().catch((fault: unknown) => log.warn('framework', { fault })),
    EVERY_MS,
  );
  closing.add('policies', async () => clearInterval(timer));
  return inForce;
}
