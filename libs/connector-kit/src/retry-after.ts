import { MINUTE, SECOND, type Instant } from '@kyoka/kernel';

/** A network can't hold up removals for longer than this by asking for a longer wait. */
export const MAX_RETRY_AFTER_MS = 10 * MINUTE;

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a `Retry-After` header asks for (RFC 9110 section 10.2.3: seconds or a date), in
 * milliseconds, at least 0 and at most {@link MAX_RETRY_AFTER_MS}; `undefined` if it says nothing.
 */
export function retryAfterMs(header: string | undefined, now: Instant): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return cappedWait(Number(text) * SECOND);
  return HTTP_DATE.test(text) ? cappedWait(Date.parse(text) - now) : undefined;
}

export function cappedWait(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
