import { DAY, type Instant, tokyoDay, tokyoDayBounds } from '@kyoka/kernel';

const startOf = (day: string): Instant => tokyoDayBounds(day)?.first ?? Number.NEGATIVE_INFINITY;

/** The earliest instant from which `days` days, the last one included, still reach `at`. */
export function daysBefore(at: Instant, days: number): Instant {
  return startOf(tokyoDay(at - days * DAY));
}

/**
 * The earliest instant from which `months` months still reach `at`: the start of the same day of the
 * month in Tokyo, or of the last day of a shorter month.
 */
export function monthsBefore(at: Instant, months: number): Instant {
  const [year = 0, month = 1, day = 1] = tokyoDay(at).split('-').map(Number);
  const index = year * 12 + (month - 1) - months;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  const first = Date.UTC(target.year, target.month - 1, 1);
  const length = (Date.UTC(target.year, target.month, 1) - first) / DAY;
  const shown = new Date(first + (Math.min(day, length) - 1) * DAY).toISOString().slice(0, 10);
  return startOf(shown);
}
