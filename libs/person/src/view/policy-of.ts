import type { StoredSubject } from '@kyoka/permission-store';
import { type Policy, policyKey, type PolicySet } from '@kyoka/policy';

/** A policy in force and the name that questions refer to it by. */
export interface AppliedPolicy {
  readonly key: string;
  readonly policy: Policy;
}

/**
 * The policy that a person's data is held under: of those in force that know their source and
 * category, the newest version of the one under which it was acquired, else the newest of the first.
 */
export function policyOf(set: PolicySet, subject: StoredSubject): AppliedPolicy | undefined {
  const known = [...set.policies.values()]
    .filter(
      ({ sources, categories }) =>
        sources.some(({ id }) => id === subject.source) &&
        categories.some(({ id }) => id === subject.category),
    )
    .sort(
      ({ policy: a }, { policy: b }) =>
        (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) || b.version - a.version,
    );
  const acquired = subject.acquired?.policyVersion?.split('@')[0];
  const policy = known.find((one) => one.policy.id === acquired) ?? known[0];
  return policy && { key: policyKey(policy), policy };
}
