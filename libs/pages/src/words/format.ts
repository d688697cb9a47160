import { parseInstant } from '@kyoka/kernel';
import type { Lang } from './lang.js';

const LOCALES: Readonly<Record<Lang, string>> = { ja: 'ja-JP', en: 'en-GB' };

/** Numbers and moments as people of a language read them; moments are told in Asia/Tokyo. */
export interface Formats {
  number(value: number): string;
  /** A share of 0 to 1. */
  percent(share: number): string;
  /** Day and minute of an ISO 8601 moment. */
  moment(at: string): string;
  /** Day, minute and second. */
  precise(at: string): string;
  /** A `YYYY-MM-DD` day, or the day of a moment. */
  day(at: string): string;
  /** How much later the second moment was, in the largest fitting unit. */
  after(first: string, second: string): string;
}

const formatsOf = (lang: Lang): Formats => {
  const locale = LOCALES[lang];
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Tokyo', ...options });
  const day = dates({ year: 'numeric', month: lang === 'ja' ? 'long' : 'short', day: 'numeric' });
  const minute = dates({ hour: '2-digit', minute: '2-digit', hour12: false });
  const second = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const said = (at: string, time: Intl.DateTimeFormat) => {
    const instant = instantOf(at);
    return `${day.format(instant)} ${time.format(instant)}`;
  };
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    moment: (at) => said(at, minute),
    precise: (at) => said(at, second),
    day: (at) => day.format(instantOf(at)),
    after: (first, after) => duration(locale, instantOf(after) - instantOf(first)),
  };
};

const FORMATS: Readonly<Record<Lang, Formats>> = { ja: formatsOf('ja'), en: formatsOf('en') };

export const formats = (lang: Lang): Formats => FORMATS[lang];

/** A day alone begins in Tokyo. */
const instantOf = (at: string): number =>
  parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(at) ? `${at}T00:00:00+09:00` : at) ?? Number.NaN;

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

function duration(locale: string, ms: number): string {
  const unit = UNITS.find(([, size]) => ms >= 2 * size) ?? UNITS[3];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: unit[0],
    unitDisplay: 'short',
    maximumFractionDigits: unit[0] === 'second' ? 2 : 0,
  }).format(ms / unit[1]);
}
