import { DAY, type Instant, MINUTE, tokyoDay } from '@kyoka/kernel';

/**
 * Between the last row that is sealed again and the end of the old key: a request to a network that
 * has read the older ciphertext is over by then (30 seconds, or not sent at all).
 */
export const BEFORE_DESTROYING = MINUTE;

/** Input topics keep an event, and the outbox a message, for as long. */
const TOPIC_DAYS = 14;

/** A set of keys is kept as long at most; `kyoka backup keys` removes older ones. */
export const KEY_BACKUP_DAYS = 14;

/** How many years records of consents and of provision are kept. */
const RECORD_YEARS = 3;

/**
 * The last day (Asia/Tokyo) on which anything of the person could still be read: in a topic, in the
 * outbox, in a parked original, or in an older database under an older set of keys. The key of a parked
 * original's day lives for `parkedDays`, and a set of keys made on its last day for the term of sets.
 *
 * @param erasedAt when the key was destroyed
 */
export const unreadableAfter = (erasedAt: Instant, parkedDays: number): string =>
  tokyoDay(erasedAt + Math.max(TOPIC_DAYS, parkedDays + KEY_BACKUP_DAYS) * DAY);

/**
 * The last day of the records: consents with their evidence three years after the last advertisement
 * that could rest on them (Act on Specified Commercial Transactions, which is the longer of the two on
 * advertising by mail), provision to third parties three years (APPI art. 29, Enforcement Rules
 * art. 21). Nothing is used after the erasure, so both count from it at the latest.
 */
export function recordsUntil(clearedAt: Instant): string {
  const [year = '', ...rest] = tokyoDay(clearedAt).split('-');
  return [String(Number(year) + RECORD_YEARS), ...rest].join('-').replace(/-02-29$/, '-02-28');
}
