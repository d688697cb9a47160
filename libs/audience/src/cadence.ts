import { DAY, HOUR, type Instant } from '@kyoka/kernel';
import { z } from 'zod';

/** How often an audience runs by itself: from an hour to a week, as an ISO 8601 duration. */
export const cadenceSchema = z
  .string()
  .regex(/^(?:PT(?:[1-9]\d?|1[0-5]\d|16[0-8])H|P[1-7]D)$/, {
    error: 'a cadence from PT1H to P7D, in hours (PT6H) or days (P1D)',
  })
  .describe('How often it runs by itself, from PT1H to P7D, for example PT6H or P1D');

/** @returns milliseconds; `undefined` for anything that is no cadence */
export function cadenceMs(cadence: string): number | undefined {
  if (!cadenceSchema.safeParse(cadence).success) return undefined;
  const count = Number(/\d+/.exec(cadence)?.[0]);
  return count * (cadence.startsWith('PT') ? HOUR : DAY);
}

/** The first turn after `now` of those that come every `everyMs` from `from` on: what was missed comes once. */
export function turnAfter(from: Instant, everyMs: number, now: Instant): Instant {
  return from > now ? from : from + (Math.floor((now - from) / everyMs) + 1) * everyMs;
}
