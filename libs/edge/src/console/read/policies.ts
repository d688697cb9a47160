import {
  type LegalPack,
  type MissingItem,
  missingItems,
  type PolicySet,
  type WeakerPoint,
  weakerPoints,
} from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { type PolicyVersion, policyVersions } from '../../services/policy-versions.js';

/** A version of a policy as the company's own people see it. */
export interface PolicyOnRecord extends PolicyVersion {
  readonly legal: LegalPack;
  /** What the law wants people to be able to look up and the policy doesn't state. */
  readonly missing: readonly MissingItem[];
  /** Where the text is weaker than the law. */
  readonly weaker: readonly WeakerPoint[];
}

/**
 * Every version that is deployed or was ever in force: by id, then the newest first.
 *
 * @param db under the role `kyoka_permissions`
 */
export async function readPolicies(db: Queryable, set: PolicySet): Promise<PolicyOnRecord[]> {
  return (await policyVersions(db, set)).flatMap((version) => {
    const { policy } = version;
    const legal = set.legal.get(policy.policy.legal_pack);
    return legal === undefined
      ? []
      : [
          {
            ...version,
            legal,
            missing: missingItems(policy, legal),
            weaker: weakerPoints(policy, legal),
          },
        ];
  });
}
