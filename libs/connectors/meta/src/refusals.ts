import {
  cappedWait,
  rejected,
  unknown,
  type RefusalCode,
  type Rejected,
  type Unknown,
} from '@kyoka/connector-kit';
import { MINUTE } from '@kyoka/kernel';
import { z } from 'zod';

/** Of a refusal only its numbers are read: messages quote what was sent. */
const refusal = z.object({ error: z.object({ code: z.int(), error_subcode: z.int().optional() }) });

/**
 * By code/subcode, then by code (error-reference, which doesn't tell whether the two of a missing
 * audience are codes or subcodes). Codes 1 and 2 leave it open, like all others.
 */
const CODES: Readonly<Record<string, RefusalCode>> = {
  '100/1713230': 'list_unusable',
  '100/1487301': 'list_unusable',
  '100/1487366': 'list_unusable',
  '100': 'bad_request',
  '190': 'reauthorise',
  '200/1870090': 'terms_not_accepted',
  '200': 'not_permitted',
  '2635': 'version_unsupported',
  '2650': 'busy',
  '2655': 'terms_not_accepted',
  '2663': 'terms_not_accepted',
  '4': 'rate_limited',
  '17': 'rate_limited',
  '80003': 'rate_limited',
  '1487301': 'list_unusable',
  '1487366': 'list_unusable',
};

const usage = z.record(
  z.string().max(64),
  z.array(z.object({ estimated_time_to_regain_access: z.number().min(0) })).max(32),
);

/** What `X-Business-Use-Case-Usage` says about when access comes back; it counts in minutes. */
export function usageWaitMs(header: string | undefined): number | undefined {
  if (header === undefined || header.length > 8_192) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(header);
  } catch {
    return undefined;
  }
  const parsed = usage.safeParse(json);
  if (!parsed.success) return undefined;
  const waits = Object.values(parsed.data).flat();
  const minutes = Math.max(0, ...waits.map((each) => each.estimated_time_to_regain_access));
  return minutes > 0 ? cappedWait(minutes * MINUTE) : undefined;
}

/** What a reply with a 4xx status says. */
export function readRefusal(body: unknown, retryAfterMs: number | undefined): Rejected | Unknown {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) return unknown('reply_unreadable', retryAfterMs);
  const { code, error_subcode } = parsed.data.error;
  const found = CODES[`${code}/${error_subcode}`] ?? CODES[String(code)];
  if (found === undefined) return unknown('unlisted_refusal', retryAfterMs);
  return rejected(found, retryAfterMs === undefined ? {} : { retryAfterMs });
}
