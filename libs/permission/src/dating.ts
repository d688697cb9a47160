import { type Instant, MINUTE } from '@kyoka/kernel';

/** How far ahead of its arrival an act may be dated (clocks differ). */
export const FUTURE_TOLERANCE = 5 * MINUTE;

/**
 * The moment at which an act counts (design: order and repetition don't matter). A grant dated more
 * than five minutes after its first durable arrival is parked, so that a forged time can't win; a
 * stop so dated counts from its arrival, so that it isn't lost.
 */
export function effectiveAt(
  act: { readonly occurredAt: Instant; readonly arrivedAt: Instant },
  kind: 'grant' | 'stop',
): { readonly at: Instant } | 'dated_in_the_future' {
  if (act.occurredAt <= act.arrivedAt + FUTURE_TOLERANCE) return { at: act.occurredAt };
  return kind === 'stop' ? { at: act.arrivedAt } : 'dated_in_the_future';
}
