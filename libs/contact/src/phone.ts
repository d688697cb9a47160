import parsePhoneNumber from 'libphonenumber-js/max';
import type { NumberType } from 'libphonenumber-js/max';
import { looksLikeDigest } from './digest.js';
import { invalid } from './normalised.js';
import type { InvalidReason, NormalisedContact, PhoneLine } from './normalised.js';
import { compactPhone } from './phone-notation.js';
import { clean } from './text.js';

/** Characters of a phone field that are still read as one number. */
const LONGEST = 64;

/** Fire, police, coast guard: the Japanese emergency numbers. */
const EMERGENCY: readonly string[] = ['110', '118', '119'];

/**
 * Japanese mobile numbers of the ranges 060, 070, 080, 090; the digit after these three is never
 * zero (0800 is toll-free). Nothing but speed: the library says the same of every such number.
 */
const JP_MOBILE = /^\+81[6-9]0[1-9]\d{7}$/;

/** What a kind of number means here: the line of a person, or why nobody in person has it. */
const NUMBER_TYPES: Readonly<
  Record<Exclude<NumberType, undefined>, { line: PhoneLine } | { reason: InvalidReason }>
> = {
  MOBILE: { line: 'mobile' },
  // North America tells no mobile from a fixed line
  FIXED_LINE_OR_MOBILE: { line: 'mobile' },
  FIXED_LINE: { line: 'fixed' },
  PERSONAL_NUMBER: { line: 'fixed' },
  // Japan: 050
  VOIP: { line: 'voip' },
  // Japan: 0120, 0800
  TOLL_FREE: { reason: 'toll_free' },
  // Japan: 0570
  UAN: { reason: 'business_number' },
  SHARED_COST: { reason: 'business_number' },
  VOICEMAIL: { reason: 'business_number' },
  // Japan: 0990
  PREMIUM_RATE: { reason: 'premium_rate' },
  // Japan: 020, machine-to-machine
  PAGER: { reason: 'machine' },
};

export function normalisePhone(raw: string): NormalisedContact {
  const cleaned = clean(raw);
  if (cleaned === '') return invalid('phone', 'empty', cleaned);
  if (cleaned.length > LONGEST) return invalid('phone', 'too_long', cleaned);
  if (looksLikeDigest(cleaned)) return invalid('phone', 'already_hashed', cleaned);
  const compact = compactPhone(cleaned);
  if (compact === undefined) return invalid('phone', 'not_a_number', cleaned);
  if (JP_MOBILE.test(compact)) {
    return { kind: 'phone', class: 'personal', value: compact, fold: compact, line: 'mobile' };
  }
  const reason = fault(compact);
  if (reason !== undefined) return invalid('phone', reason, cleaned, compact);
  return byLibrary(compact, cleaned);
}

function fault(compact: string): InvalidReason | undefined {
  const digits = compact.replace('+', '');
  if (EMERGENCY.includes(digits)) return 'emergency';
  // ITU-T E.164 §6: fifteen digits; no numbering plan known here has fewer than seven with its country code
  if (digits.length > 15) return 'too_long';
  if (digits.length < 7) return 'too_short';
  if (/^\+?(\d)\1+$/.test(compact)) return 'placeholder';
  return compact.startsWith('+') ? undefined : 'no_prefix';
}

function byLibrary(compact: string, cleaned: string): NormalisedContact {
  const parsed = parsePhoneNumber(compact, { extract: false });
  const type = parsed?.isValid() === true ? parsed.getType() : undefined;
  if (parsed === undefined || type === undefined) {
    return invalid('phone', 'not_assignable', cleaned, compact);
  }
  const meaning = NUMBER_TYPES[type];
  if ('reason' in meaning) return invalid('phone', meaning.reason, cleaned, parsed.number);
  const value = parsed.number;
  return { kind: 'phone', class: 'personal', value, fold: value, line: meaning.line };
}
