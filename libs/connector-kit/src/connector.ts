import type { Instant } from '@kyoka/kernel';
import type { Capabilities } from './capabilities.js';
import type { JobOutcome, JobRef, SendOutcome } from './outcome.js';

/**
 * One person's match keys, each 64 lower-case hexadecimal digits. They exist in the memory of the
 * sending process only and never enter a log, an error or an outcome.
 */
export interface Member {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** A list at a network, by the network's own id. */
export interface ListRef {
  readonly id: string;
}

export interface SendRequest {
  readonly list: ListRef;
  readonly members: readonly Member[];
  /** The last moment the body may start to be written. Checked right before, and between its chunks. */
  readonly deadline: Instant;
  readonly signal?: AbortSignal;
}

/**
 * An ad network. Every call makes one request and never repeats it: a further attempt has to pass
 * the release gate again, so repeating is the caller's.
 *
 * What goes wrong at the network is an outcome, never an exception.
 */
export interface Connector {
  readonly capabilities: Capabilities;
  /**
   * Where its lists are: the network's address and the account, without secrets. A list made at
   * another destination isn't this connector's to change.
   */
  readonly destination: string;
  add(request: SendRequest): Promise<SendOutcome>;
  remove(request: SendRequest): Promise<SendOutcome>;
  /** Present where a confirmation's basis is `job_status`. */
  poll?(job: JobRef): Promise<JobOutcome>;
  /**
   * The list of that name, made if there is none. Safe to call again after a crash.
   *
   * @param name shown to people at the network; must not hint at health or money
   * @param lifetimeDays how long members stay; without meaning where `memberLifetimeDays` is `null`
   * @throws KyokaError `network_unavailable` or `network_refused`; `conflict` if the list exists
   *   with another lifetime
   */
  ensureList(name: string, lifetimeDays: number): Promise<ListRef>;
  close(): Promise<void>;
}
