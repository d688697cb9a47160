import type { Instant } from '@kyoka/kernel';
import type { Policy, PolicySet } from '@kyoka/policy';
import { daysBefore, monthsBefore } from './calendar.js';
import { longestRetention } from './retention-terms.js';
import { daysKept } from './source-terms.js';
import { inForceSince } from './version-terms.js';

/** What is over at a moment by these texts: whatever is older than a bound. */
export interface TermBounds {
  /** By purpose: grants before this have expired. */
  readonly consents: ReadonlyMap<string, Instant>;
  /** By source: data acquired before this may not be used any more. */
  readonly sources: ReadonlyMap<string, Instant>;
}

/**
 * The bounds of every term that the policies and source contracts set. Where several policies name a
 * purpose or a source the shortest term counts, so that what is told of a person never outlives what
 * any of them allows. A bound only moves at midnight in Tokyo.
 */
export function termBounds(set: PolicySet, at: Instant): TermBounds {
  const consents = new Map<string, Instant>();
  const sources = new Map<string, Instant>();
  for (const policy of set.policies.values()) {
    if (at < inForceSince(policy)) continue;
    const months = policy.consents?.valid_months;
    if (months !== undefined) {
      for (const { id } of policy.purposes) raise(consents, id, monthsBefore(at, months));
    }
    for (const source of policy.sources) {
      const days = Math.min(daysOf(set, policy, source), longestRetention(policy, source.id));
      if (days < Infinity) raise(sources, source.id, daysBefore(at, days));
    }
  }
  return { consents, sources };
}

function daysOf(set: PolicySet, policy: Policy, source: Policy['sources'][number]): number {
  const contract = set.contracts.get(source.id);
  return contract ? daysKept(policy, source, contract) : Infinity;
}

function raise(bounds: Map<string, Instant>, name: string, bound: Instant): void {
  bounds.set(name, Math.max(bounds.get(name) ?? -Infinity, bound));
}
