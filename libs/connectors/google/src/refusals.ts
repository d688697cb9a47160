import {
  rejected,
  unknown,
  type RefusalCode,
  type Rejected,
  type Unknown,
} from '@kyoka/connector-kit';
import { z } from 'zod';

const word = z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/);

/** Of a refusal only words of closed form and the position in a field path are read, never a value. */
const refusal = z.object({
  error: z.object({ status: word, details: z.array(z.unknown()).max(20).default([]) }),
});
const errorInfo = z.object({
  '@type': z.literal('type.googleapis.com/google.rpc.ErrorInfo'),
  reason: word,
});
const badRequest = z.object({
  '@type': z.literal('type.googleapis.com/google.rpc.BadRequest'),
  fieldViolations: z
    .array(z.object({ field: z.string().max(200), reason: word.optional() }))
    .max(10_000),
});

/** Reasons of the Data Manager API's error list that are ours to tell apart. */
const REASONS: Readonly<Record<string, RefusalCode>> = {
  TOO_MANY_AUDIENCE_MEMBERS: 'too_many',
  TOO_MANY_USER_IDENTIFIERS: 'too_many',
  TOO_MANY_DESTINATIONS: 'too_many',
  INVALID_HEX_ENCODING: 'bad_record',
  INVALID_SHA256_FORMAT: 'bad_record',
  INVALID_FORMAT: 'bad_record',
  TERMS_AND_CONDITIONS_NOT_SIGNED: 'terms_not_accepted',
  ADVERTISER_TOS_NOT_ACCEPTED: 'terms_not_accepted',
  NOT_ALLOWLISTED: 'not_permitted',
  PERMISSION_DENIED: 'not_permitted',
  THIRD_PARTY_USER_DATA_NOT_ALLOWED: 'not_permitted',
  EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED: 'not_permitted',
  INVALID_DESTINATION: 'list_unusable',
  INVALID_USER_LIST_ID: 'list_unusable',
  INVALID_USER_LIST_TYPE: 'list_unusable',
  RESOURCE_EXHAUSTED: 'rate_limited',
};

/** What a status means where its reason isn't listed. All others leave it open whether it was taken. */
const STATUSES: Readonly<Record<string, RefusalCode>> = {
  INVALID_ARGUMENT: 'bad_request',
  FAILED_PRECONDITION: 'bad_request',
  UNAUTHENTICATED: 'reauthorise',
  PERMISSION_DENIED: 'not_permitted',
  NOT_FOUND: 'list_unusable',
  RESOURCE_EXHAUSTED: 'rate_limited',
  ABORTED: 'busy',
};

/** The index is spelled `audience_members[0]` or `audience_members.audience_members[0]`. */
const MEMBER_FIELD = /^audience_members(?:\.audience_members)?\[(\d{1,5})\]/;

/**
 * What a reply with a 4xx status says.
 *
 * @param members how many were sent; positions beyond it are no positions
 */
export function readRefusal(
  body: unknown,
  members: number,
  retryAfterMs: number | undefined,
): Rejected | Unknown {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) return unknown('reply_unreadable', retryAfterMs);
  const { status, details } = parsed.data.error;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };

  const violations = details.flatMap((each) => badRequest.safeParse(each).data ?? []);
  const fields = violations.flatMap((each) => each.fieldViolations);
  const reasons = [
    ...fields.flatMap((each) => each.reason ?? []),
    ...details.flatMap((each) => errorInfo.safeParse(each).data?.reason ?? []),
  ];
  const codes = reasons.flatMap((reason) => REASONS[reason] ?? []);
  const code = codes.find((each) => each !== 'bad_record') ?? codes[0] ?? STATUSES[status];
  if (code === undefined) return unknown('unlisted_refusal', retryAfterMs);
  if (code !== 'bad_record') return rejected(code, wait);

  const positions = fields.flatMap(({ field }) => MEMBER_FIELD.exec(field)?.[1] ?? []).map(Number);
  const offenders = [...new Set(positions)].filter((at) => at < members).sort((a, b) => a - b);
  return offenders.length > 0
    ? rejected('bad_record', { offenders, ...wait })
    : rejected('bad_request', wait);
}
