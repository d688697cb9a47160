import { count } from './registry.js';

interface Decision {
  readonly allowed: boolean;
  readonly reasons: readonly { readonly code: string }[];
}

/** Counts decisions of one asking by their answer, and refusals under each of their reasons. */
export function countDecisions(asked: 'api' | 'release', decisions: readonly Decision[]): void {
  const reasons = new Map<string, number>();
  let allowed = 0;
  for (const decision of decisions) {
    if (decision.allowed) {
      allowed += 1;
      continue;
    }
    for (const code of new Set(decision.reasons.map((reason) => reason.code))) {
      reasons.set(code, (reasons.get(code) ?? 0) + 1);
    }
  }
  count('kyoka_decisions_total', { asked, answer: 'allowed' }, allowed);
  count('kyoka_decisions_total', { asked, answer: 'refused' }, decisions.length - allowed);
  for (const [reason, times] of reasons)
    count('kyoka_decision_reasons_total', { asked, reason }, times);
}
