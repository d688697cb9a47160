import type { Reason } from '@kyoka/decision';
import type { Instant } from '@kyoka/kernel';
import { type AddressOf, decideQuestions } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { type MarketingUse, marketingUses, questionOf } from '../../services/marketing-uses.js';
import { policiesInForce } from '../../services/policies-in-force.js';

/** Whether one use may be made of a person today, and why. */
export interface DecidedUse extends MarketingUse {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
  readonly basis?: string;
  readonly source?: string;
  /** Place in the policy of what allows. */
  readonly rule?: string;
  readonly evidence: readonly string[];
}

/** @param db under the role `kyoka_permissions` */
export async function decideUses(
  db: Queryable,
  subject: string,
  context: {
    readonly policies: PolicySet;
    readonly addressOf: AddressOf;
    readonly at: Instant;
  },
): Promise<DecidedUse[]> {
  const set = await policiesInForce(db, context.policies);
  const uses = await marketingUses(db, set);
  const questions = await Promise.all(uses.map((use) => questionOf(db, use, context)));
  const answers = await decideQuestions(db, set, subject, questions);
  return uses.flatMap((use, index) => {
    const answer = answers[index];
    if (answer === undefined) return [];
    const { allowed, reasons, basis, source, rule, evidence } = answer;
    return [
      {
        ...use,
        allowed,
        reasons,
        evidence,
        ...(basis !== undefined && { basis }),
        ...(source !== undefined && { source }),
        ...(rule !== undefined && { rule }),
      },
    ];
  });
}
