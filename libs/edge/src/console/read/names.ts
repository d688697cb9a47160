import type { PolicySet, Purpose } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { recipientNames } from '@kyoka/release';
import { policiesInForce } from '../../services/policies-in-force.js';

/** What ids are called in words that people know. */
export interface Names {
  /** By policy version, those in force first; then by id. */
  readonly purposes: ReadonlyMap<string, ReadonlyMap<string, Pick<Purpose, 'label' | 'label_ja'>>>;
  /** What the registered party of a recipient is called. */
  readonly recipients: ReadonlyMap<string, string>;
}

/** @param db under the role `kyoka_permissions` */
export async function readNames(db: Queryable, policies: PolicySet): Promise<Names> {
  const inForce = await policiesInForce(db, policies);
  return {
    purposes: new Map(
      [...inForce.policies, ...policies.policies].map(([version, { purposes }]) => [
        version,
        new Map(purposes.map((purpose) => [purpose.id, purpose])),
      ]),
    ),
    recipients: await recipientNames(db),
  };
}
