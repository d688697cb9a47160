/** A moment, in milliseconds since the epoch. The rules never read a clock; every moment is handed in. */
export type Instant = number;

/** What the outer layers hand in where "now" is needed. */
export type Clock = () => Instant;

export const HOUR = 3_600_000;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * HOUR;

const TOKYO_OFFSET = 9 * HOUR;

/**
 * The instant of an ISO 8601 / RFC 3339 time that names its offset (`Z`, `+09:00` or `+0900`,
 * the last as Rakuten RMS writes it); `undefined` for anything else.
 */
export function parseInstant(text: string): Instant | undefined {
  const match =
    /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:?\d{2})$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, local = '', offset = ''] = match;
  const zone = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const at = Date.parse(`${local.toUpperCase()}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}

/** The ISO 8601 form of an instant, in UTC with milliseconds. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

/** The calendar day in Asia/Tokyo (no daylight saving time since 1952), as `YYYY-MM-DD`. */
export function tokyoDay(at: Instant): string {
  return new Date(at + TOKYO_OFFSET).toISOString().slice(0, 10);
}

/** First and last instant of a `YYYY-MM-DD` day in Asia/Tokyo, both included; `undefined` if it isn't a day. */
export function tokyoDayBounds(day: string): { first: Instant; last: Instant } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const midnightUtc = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnightUtc) || new Date(midnightUtc).toISOString().slice(0, 10) !== day) {
    return undefined;
  }
  const first = midnightUtc - TOKYO_OFFSET;
  return { first, last: first + DAY - 1 };
}

/** How long something lasts where no date is given: `P1D` to `P9999D`. */
const DAYS = /^P([1-9]\d{0,3})D$/;

/** The days of a term such as `P90D`; `undefined` for anything else. */
export function termDays(text: string): number | undefined {
  const days = DAYS.exec(text)?.[1];
  return days === undefined ? undefined : Number(days);
}

/** The moment that a text names, or `P90D` after `from`; `undefined` if it is neither. */
export function endOfTerm(text: string, from: Instant): Instant | undefined {
  const days = termDays(text);
  return days === undefined ? parseInstant(text) : from + days * DAY;
}

/** The last instant of the day (Asia/Tokyo) that a text names, or of that `P90D` after `from`. */
export function lastOfTerm(text: string, from: Instant): Instant | undefined {
  const days = termDays(text);
  return tokyoDayBounds(days === undefined ? text : tokyoDay(from + days * DAY))?.last;
}
