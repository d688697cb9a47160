import type { Actor, Instant } from '@kyoka/kernel';
import type { ConsentClass } from './registers.js';

/** How much a grant proves by who acted and what shows it. */
export function proofOf(act: {
  readonly evidence?: string | undefined;
  readonly actor?: Actor | undefined;
  readonly confirmed?: boolean | undefined;
}): ConsentClass {
  if (!act.evidence || (act.actor !== 'subject' && act.actor !== 'guardian')) return 'unproven';
  return act.confirmed === true ? 'confirmed' : 'evidenced';
}

/** Whether a grant ends a withdrawal that covers its cell: it came later, and it is proven. At the same instant the withdrawal wins. */
export const outranks = (
  grant: { readonly at: Instant; readonly class: ConsentClass },
  withdrawal: { readonly at: Instant },
): boolean => grant.class !== 'unproven' && grant.at > withdrawal.at;
