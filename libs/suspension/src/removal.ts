import type { Instant } from '@kyoka/kernel';
import type { ProcessingTimes } from './landing.js';

/** How a network's word, or its silence, makes a removal certain. */
export type ConfirmationBasis = 'job_status' | 'declared_time';

export interface RemovalTimes extends ProcessingTimes {
  readonly basis: ConfirmationBasis;
}

/** The last request that asked the network to take the contact point out. */
export interface LastSend {
  /** When it was recorded, which is before any byte of it left. */
  readonly sentAt: Instant;
  /**
   * `open`: its sender hasn't reported. `taken`: the network took every record and called none bad;
   * it may still be at work. `complete`: it says that it ended the request over exactly what was
   * sent. `failed`: anything else; repeated at `retryAt`.
   */
  readonly result: 'open' | 'taken' | 'complete' | 'failed';
  /** When the result came. */
  readonly answeredAt?: Instant | undefined;
  readonly retryAt?: Instant | undefined;
}

export interface RemovalFacts {
  readonly requestedAt: Instant;
  /** The latest moment at which any add that named the contact point may take effect. */
  readonly addsLandBy?: Instant | undefined;
  readonly last?: LastSend | undefined;
}

export type RemovalStatus = 'requested' | 'unconfirmed' | 'overdue' | 'confirmed';

/** What to do now, how the removal stands, and the day by which it is confirmed or overdue. */
export type Step = { readonly status: RemovalStatus; readonly dueBy: Instant } & (
  | { readonly step: 'send' }
  /** Nothing before `until`, or before the sender or the network reports. */
  | { readonly step: 'wait'; readonly until: Instant }
  | { readonly step: 'confirm'; readonly basis: ConfirmationBasis }
);

/**
 * The next step of a removal (design §3, suspension of use).
 *
 * It is sent at once, repeated while it fails, and sent again when no add can take effect any more:
 * only a request that was recorded after that moment can confirm. The facts alone decide, so that a
 * late report of an add turns a confirmed removal into one that is to be sent once more.
 */
export function nextStep(facts: RemovalFacts, times: RemovalTimes, now: Instant): Step {
  const { last } = facts;
  const lands = facts.addsLandBy ?? facts.requestedAt;
  const dueBy = Math.max(facts.requestedAt, lands) + times.giveUpAfterMs;
  const late = now > dueBy;
  const open = (status: RemovalStatus) => ({ status: late ? ('overdue' as const) : status, dueBy });

  if (last === undefined) return { step: 'send', ...open('requested') };
  if (last.result === 'open') return { step: 'wait', until: dueBy, ...open('unconfirmed') };
  if (last.result === 'failed') return sendAt(last.retryAt ?? now, now, open('unconfirmed'));
  if (last.sentAt < lands) return sendAt(lands, now, open('unconfirmed'));
  if (times.basis === 'job_status') {
    return last.result === 'complete'
      ? { step: 'confirm', basis: 'job_status', status: 'confirmed', dueBy }
      : { step: 'wait', until: dueBy, ...open('unconfirmed') };
  }
  // What was taken last is certain at this moment, and so not late before it.
  const certain = (last.answeredAt ?? last.sentAt) + times.processingTimeMs;
  const due = Math.max(dueBy, certain);
  return now >= certain
    ? { step: 'confirm', basis: 'declared_time', status: 'confirmed', dueBy: due }
    : { step: 'wait', until: certain, status: 'unconfirmed', dueBy: due };
}

function sendAt(
  at: Instant,
  now: Instant,
  standing: { status: RemovalStatus; dueBy: Instant },
): Step {
  return now >= at ? { step: 'send', ...standing } : { step: 'wait', until: at, ...standing };
}

/**
 * When a removal is looked at again if nothing is reported before: in time for its next request, and
 * in time to become overdue. An overdue one that waits for a report which may never come is looked at
 * every `mostMs`.
 */
export function lookAgainAt(
  step: Step,
  now: Instant,
  waits: { readonly firstMs: number; readonly mostMs: number },
): Instant {
  if (step.step !== 'wait') return now + waits.firstMs;
  if (step.status === 'overdue') return step.until > now ? step.until : now + waits.mostMs;
  return Math.max(now + 1, Math.min(step.until, step.dueBy + 1));
}

/**
 * When a removal that failed is repeated: after a wait that doubles from `firstMs` up to `mostMs`,
 * or after what the network asked for if that is longer. It never stops being repeated.
 *
 * @param failures how many requests have failed so far, at least 1
 */
export function retryAt(
  failedAt: Instant,
  failures: number,
  waits: { readonly firstMs: number; readonly mostMs: number },
  askedMs = 0,
): Instant {
  const doubled = waits.firstMs * 2 ** Math.min(failures - 1, 30);
  return failedAt + Math.max(askedMs, Math.min(doubled, waits.mostMs));
}
