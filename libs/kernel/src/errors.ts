/**
 * When a failed act may be tried again: `never` as it stands, `backoff` after a wait,
 * `after_change` once somebody has changed a setting or a registration.
 */
export type RetryClass = 'never' | 'backoff' | 'after_change';

/** The closed list of faults. A refusal is an answer and has no code here (see the reason codes of a decision). */
export const ERROR_CODES = {
  bad_input: 'never',
  config_invalid: 'after_change',
  too_large: 'never',
  unauthenticated: 'after_change',
  not_permitted: 'after_change',
  quota_exceeded: 'backoff',
  not_found: 'never',
  conflict: 'never',
  database_unavailable: 'backoff',
  database_refused: 'never',
  kafka_unavailable: 'backoff',
  network_unavailable: 'backoff',
  network_refused: 'after_change',
  key_missing: 'after_change',
  seal_broken: 'never',
  chain_broken: 'never',
  journal_behind: 'after_change',
  already_running: 'after_change',
  schema_mismatch: 'after_change',
  restore_unfinished: 'after_change',
  internal: 'never',
} as const satisfies Record<string, RetryClass>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface FieldFault {
  /** Path of the field, for example `data.contacts[0].value`. Never its value. */
  readonly field: string;
  /** What was expected there. */
  readonly expected: string;
}

/** A fault with a code of the closed list. `message` must never quote a value that somebody sent. */
export class KyokaError extends Error {
  readonly code: ErrorCode;
  readonly retry: RetryClass;
  readonly faults: readonly FieldFault[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; faults?: readonly FieldFault[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KyokaError';
    this.code = code;
    this.retry = ERROR_CODES[code];
    this.faults = options.faults ?? [];
  }
}

export function isKyokaError(value: unknown): value is KyokaError {
  return value instanceof KyokaError;
}
