import {
  type LegalPack,
  type MissingItem,
  missingItems,
  type Policy,
  type PolicySet,
  type WeakerPoint,
  weakerPoints,
} from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { policiesInForce } from '../../services/policies-in-force.js';

/** A version of a policy as the company's own people see it. */
export interface DeployedPolicy {
  /** `id@version`. */
  readonly key: string;
  readonly policy: Policy;
  readonly legal: LegalPack;
  readonly inForce: boolean;
  /** What the law wants people to be able to look up and the policy doesn't state. */
  readonly missing: readonly MissingItem[];
  /** Where the text is weaker than the law. */
  readonly weaker: readonly WeakerPoint[];
}

/** @param db under the role `kyoka_permissions` */
export async function readPolicies(db: Queryable, set: PolicySet): Promise<DeployedPolicy[]> {
  const live = (await policiesInForce(db, set)).policies;
  return [...set.policies]
    .flatMap(([key, policy]): DeployedPolicy[] => {
      const legal = set.legal.get(policy.policy.legal_pack);
      return legal === undefined
        ? []
        : [
            {
              key,
              policy,
              legal,
              inForce: live.has(key),
              missing: missingItems(policy, legal),
              weaker: weakerPoints(policy, legal),
            },
          ];
    })
    .sort(
      ({ policy: { policy: one } }, { policy: { policy: other } }) =>
        one.id.localeCompare(other.id) || other.version - one.version,
    );
}
