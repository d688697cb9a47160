import { DAY, type Instant, tokyoDay, tokyoDayBounds } from '@kyoka/kernel';

const startOf = (day: string): Instant => tokyoDayBounds(day)?.first ?? Number.NEGATIVE_INFINITY;

/** The earliest instant from which `days` days, the last one included, still reach `at`. */
export function daysBefore(at: Instant, days: number): Instant {
  return startOf(tokyoDay(at - days * DAY));
}

/** The first instant that `days` days from `from`, the last one included, don't reach any more. */
export function daysOver(from: Instant, days: number): Instant {
  return startOf(tokyoDay(from)) + (days + 1) * DAY;
}

/**
 * The earliest instant from which `months` months still reach `at`: the start of the same day of the
 * month in Tokyo, or of the last day of a shorter month.
 */
export function monthsBefore(at: Instant, months: number): Instant {
  const { index, day } = monthOf(at);
  return startOfDay(index - months, Math.min(day, lengthOf(index - months)));
}

/**
 * The first instant that `months` months from `from` don't reach any more. Every day that a shorter
 * month lacks counts as its last one, so from the last day of a month they reach the end of another.
 */
export function monthsOver(from: Instant, months: number): Instant {
  const { index, day } = monthOf(from);
  const within = day < lengthOf(index) && day < lengthOf(index + months);
  return within ? startOfDay(index + months, day + 1) : startOfDay(index + months + 1, 1);
}

/** Months of Tokyo as one count, from 0 in January of the year 0; days of the month from 1. */
function monthOf(at: Instant): { readonly index: number; readonly day: number } {
  const [year = 0, month = 1, day = 1] = tokyoDay(at).split('-').map(Number);
  return { index: year * 12 + (month - 1), day };
}

const firstOf = (index: number): number => Date.UTC(Math.floor(index / 12), index % 12, 1);

const lengthOf = (index: number): number => (firstOf(index + 1) - firstOf(index)) / DAY;

const startOfDay = (index: number, day: number): Instant =>
  startOf(new Date(firstOf(index) + (day - 1) * DAY).toISOString().slice(0, 10));
