import type { RetryClass } from '@kyoka/kernel';

/**
 * Why nothing of a request was taken, and when the rest of it may be tried again. `after_change`
 * asks for a person, except for `bad_record`, where the change is to leave the offenders out.
 */
export const REFUSALS = {
  /** No connection came about, so no byte left. */
  unreachable: 'backoff',
  rate_limited: 'backoff',
  /** Another operation on the list is under way. */
  busy: 'backoff',
  /** The network names records that it doesn't take. */
  bad_record: 'after_change',
  /** Not the digest of a match key: refused here, before any byte left. */
  malformed_match_key: 'after_change',
  too_many: 'after_change',
  reauthorise: 'after_change',
  terms_not_accepted: 'after_change',
  not_permitted: 'after_change',
  /** The list is missing, deleted, blocked, or of another kind. */
  list_unusable: 'after_change',
  version_unsupported: 'after_change',
  bad_request: 'never',
} as const satisfies Record<string, RetryClass>;

export type RefusalCode = keyof typeof REFUSALS;

/** Why nobody can say whether a request was taken. */
export type UnknownCode =
  | 'timeout'
  | 'cut'
  /** The sending deadline or an abort cut a body that was being written. */
  | 'cut_by_us'
  | 'server_error'
  | 'redirect'
  | 'reply_too_large'
  | 'reply_unreadable'
  | 'counts_mismatch'
  | 'unlisted_refusal';

const MAY_BLAME_A_RECORD: ReadonlySet<string> = new Set<RefusalCode | UnknownCode>([
  'bad_record',
  'malformed_match_key',
  'too_many',
  'bad_request',
  'counts_mismatch',
  'unlisted_refusal',
]);

/**
 * Whether a record of the request may be why it wasn't taken. An outage, a limit or a missing right
 * has nothing to do with what was sent: a smaller request would fare no better.
 */
export const mayBlameRecord = (code: string): boolean => MAY_BLAME_A_RECORD.has(code);

/**
 * A job at the network, to be stored with the attempt and handed to {@link Connector.poll}. Plain
 * JSON, holds no personal data.
 */
export interface JobRef {
  readonly id: string;
  readonly list: string;
  readonly op: 'add' | 'remove';
  /** What was sent: the network has to come to the same counts. */
  readonly persons: number;
  readonly identifiers: number;
}

/** The network certainly took nothing. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly code: RefusalCode;
  readonly retry: RetryClass;
  /** Positions in `members` of the records that the refusal names. */
  readonly offenders?: readonly number[];
  /** How long the network asks to wait, capped. */
  readonly retryAfterMs?: number;
}

/** Nobody can say whether the network took it: what was to be added counts as held. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly code: UnknownCode;
  readonly retryAfterMs?: number;
}

export type SendOutcome =
  | {
      readonly kind: 'accepted';
      /** Present where the network tells the state of its jobs. */
      readonly job?: JobRef;
      /** Rows the network says it received; where it takes all or nothing, the rows sent. */
      readonly received: number;
      /** Received rows that it calls invalid. */
      readonly invalid: number;
      /** Every row was received and none called invalid. Without it a removal can't be confirmed. */
      readonly accountedFor: boolean;
    }
  | Rejected
  | Unknown
  /** No byte left: the deadline had passed, or the caller aborted, before the body was written. */
  | { readonly kind: 'not_sent'; readonly code: 'deadline_passed' | 'aborted' };

export type JobOutcome =
  | { readonly kind: 'processing' }
  /** `complete`: the network ended the job without a single fault, over exactly what was sent. */
  | { readonly kind: 'done'; readonly complete: boolean; readonly failed: number }
  /** The network gave the job up. No proof that an addition took nobody. */
  | { readonly kind: 'failed' }
  /** The question got no readable answer; the job may have any state. */
  | Rejected
  | Unknown;

/** A refusal with the retry class of its code. */
export function rejected(
  code: RefusalCode,
  more: Pick<Rejected, 'offenders' | 'retryAfterMs'> = {},
): Rejected {
  return { kind: 'rejected', code, retry: REFUSALS[code], ...more };
}

export function unknown(code: UnknownCode, retryAfterMs?: number): Unknown {
  return { kind: 'unknown', code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
