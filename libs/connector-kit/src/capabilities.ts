import type { Instant } from '@kyoka/kernel';

/** How an add or a removal becomes certain at a network, and how long that may take. All in milliseconds. */
export interface Confirmation {
  /**
   * `job_status`: the network tells the state of the request, asked with {@link Connector.poll}.
   * `declared_time`: it tells nothing; the request holds once its declared time is over.
   */
  readonly basis: 'job_status' | 'declared_time';
  /** The longest the network says it may take from acceptance to effect. */
  readonly processingTimeMs: number;
  /** First question about a job, counted from acceptance. Without meaning for `declared_time`. */
  readonly firstPollAfterMs: number;
  /** Each wait is the last one times `factor`, up to `maxMs`. */
  readonly pollBackoff: { readonly factor: number; readonly maxMs: number };
  /** From acceptance until what isn't confirmed counts as overdue. */
  readonly giveUpAfterMs: number;
}

/** Waiting times somebody sets in place of the network's own, for example those of a sandbox. */
export type ConfirmationTiming = Partial<Omit<Confirmation, 'basis'>>;

/** What one ad network can do, as data: the release gate reads it in place of the network's name. */
export interface Capabilities {
  /** The recipient's id, for example `google`. */
  readonly network: string;
  /** The kinds of contact points it takes; no other is sent. */
  readonly identifiers: readonly ('email' | 'phone')[];
  readonly maxPersonsPerRequest: number;
  readonly maxIdentifiersPerPerson: number;
  /** What a person counts for against `maxPersonsPerRequest`: one, or one for each row they need. */
  readonly personCountsAs: 'one' | 'rows';
  /** One bad record refuses the whole request and is named, or is left out and only counted. */
  readonly badRecord: 'refuses_request' | 'counted';
  /** How long a member stays unless added again; `null`: until removed. In days. */
  readonly memberLifetimeDays: { readonly min: number; readonly max: number } | null;
  readonly addConfirmation: Confirmation;
  readonly removalConfirmation: Confirmation;
  /** Requests that it takes in each period; no more are sent. */
  readonly quota: readonly { readonly requests: number; readonly perMs: number }[];
  /** From the gate's commit to the last moment a request may start to be written. */
  readonly sendDeadlineMs: number;
}

/** Design, release gate: a connector acts within 30 seconds of the gate's commit, or not at all. */
export const SEND_DEADLINE_MS = 30_000;

/**
 * When to ask about a job again.
 *
 * @param polls how often it was asked so far
 * @returns `null` once the network's time to answer is over
 */
export function nextPoll(
  confirmation: Confirmation,
  acceptedAt: Instant,
  polls: number,
): Instant | null {
  let at = acceptedAt;
  let wait = confirmation.firstPollAfterMs;
  for (let poll = 0; poll <= polls; poll += 1) {
    at += wait;
    wait = Math.min(wait * confirmation.pollBackoff.factor, confirmation.pollBackoff.maxMs);
  }
  return at > acceptedAt + confirmation.giveUpAfterMs ? null : at;
}
