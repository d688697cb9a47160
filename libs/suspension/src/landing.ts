import type { Instant } from '@kyoka/kernel';

/** What a network declares about its own speed, in milliseconds. */
export interface ProcessingTimes {
  /** The longest it says it may take from taking a request to its effect. */
  readonly processingTimeMs: number;
  /** From acceptance until a job that never ends isn't waited for any more. */
  readonly giveUpAfterMs: number;
}

/** What is known of one add that named the contact point. */
export interface AddFacts {
  /** Last moment at which its body may have started to be written. */
  readonly deadlineAt: Instant;
  /** `open`: the sender hasn't reported. `nothing_taken`: the network certainly took nothing. */
  readonly outcome: 'open' | 'unknown' | 'accepted' | 'nothing_taken';
  /** When the sender reported. */
  readonly answeredAt?: Instant | undefined;
  /** Whether the network tells the state of this add, and when it told that it had ended. */
  readonly job?: 'running' | { readonly endedAt: Instant } | undefined;
}

/**
 * The moment after which an add can't take effect any more; `undefined` if it can't at all.
 *
 * Where no job is known the network's declared time counts from the last moment the network can have
 * taken it: the sending deadline, or the report of a sender that came later than that. A job that
 * runs counts until the network says that it has ended, or its time to do so is over.
 */
export function landsBy(add: AddFacts, times: ProcessingTimes): Instant | undefined {
  const reported = add.answeredAt ?? add.deadlineAt;
  switch (add.outcome) {
    case 'nothing_taken':
      return undefined;
    case 'open':
      return add.deadlineAt + times.processingTimeMs;
    case 'unknown':
      return Math.max(add.deadlineAt, reported) + times.processingTimeMs;
    case 'accepted':
      if (add.job === undefined) return reported + times.processingTimeMs;
      return add.job === 'running' ? reported + times.giveUpAfterMs : add.job.endedAt;
  }
}
