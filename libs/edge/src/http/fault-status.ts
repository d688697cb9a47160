import type { ErrorCode } from '@kyoka/kernel';

/** The status of every fault that can reach the HTTP edge; one that isn't here is a fault of the service. */
export const STATUS = {
  bad_input: 400,
  unauthenticated: 401,
  not_permitted: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  quota_exceeded: 429,
  database_unavailable: 503,
  kafka_unavailable: 503,
  network_unavailable: 503,
  internal: 500,
} as const satisfies Partial<Record<ErrorCode, number>>;

export type AnsweredCode = keyof typeof STATUS;

export const isAnswered = (code: ErrorCode): code is AnsweredCode => Object.hasOwn(STATUS, code);
