import { formatInstant, type Instant } from '@kyoka/kernel';

const TOKYO = 9 * 3_600_000;

/** Local time of Tokyo with its offset, in seconds: `2026-11-20T09:12:33+09:00`. */
export function tokyoTime(at: Instant, offset: '+09:00' | '+0900' = '+09:00'): string {
  return `${formatInstant(at + TOKYO).slice(0, 19)}${offset}`;
}
