import type { PoliciesInForce } from '@kyoka/edge';
import { endedTerms } from '@kyoka/permission-store';
import type { Pool } from '@kyoka/postgres';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

/**
 * Tells of consents and sources whose term is over as it ends.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function startTerms(
  { pool, inForce }: { readonly pool: Pool; readonly inForce: PoliciesInForce },
  parts: ProcessParts,
): void {
  const task = endedTerms({ pool, policies: () => inForce.policies, clock: parts.clock });
  keepTime({ name: 'terms', pool, tasks: [task] }, parts);
}
