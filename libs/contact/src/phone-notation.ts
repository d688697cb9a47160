import { DASHES } from './text.js';

/** What people put between the digits, besides dashes. A slash is not among them: it parts two numbers. */
const SEPARATORS = /[\s().·・]/gu;

/**
 * Rewrites of the start of a bare number, in order: the first that fits is applied.
 * `010` is Japan's international prefix, `00` that of most other countries; a national number
 * starts with one zero, `81` before nine or ten digits is Japan's country code without its plus.
 */
const STARTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:010|00)(?=[1-9])/, '+'],
  [/^81(?=0?\d{9,10}$)/, '+81'],
  [/^0(?=[1-9])/, '+81'],
];

/**
 * The digits of a phone number in one notation: `+` and the country code where the notation shows
 * one, Japan's for a national number with its leading zero, otherwise bare digits, which name no
 * country. `undefined` when anything but a number is in the field.
 *
 * @param cleaned the value after `clean`
 */
export function compactPhone(cleaned: string): string | undefined {
  const bare = cleaned.replace(/^tel:/i, '').replace(DASHES, '').replace(SEPARATORS, '');
  if (!/^\+?\d+$/.test(bare)) return undefined;
  const start = STARTS.find(([pattern]) => pattern.test(bare));
  const international = start === undefined ? bare : bare.replace(start[0], start[1]);
  // "+81 (0)90": the trunk zero is not dialled after a country code
  return international.replace(/^\+810(?=[1-9])/, '+81');
}
