import type { ContactClass, ContactKind } from '@kyoka/kernel';

/** Why a value can't be used as a contact point. Closed list. */
export const INVALID_REASONS = [
  'empty',
  'too_long',
  'already_hashed',
  'not_an_address',
  'not_ascii',
  'not_a_number',
  'too_short',
  'no_prefix',
  'emergency',
  'placeholder',
  'not_assignable',
  'toll_free',
  'business_number',
  'premium_rate',
  'machine',
  'not_a_line_id',
  'not_a_postal_address',
] as const;
export type InvalidReason = (typeof INVALID_REASONS)[number];

/** What kind of line a phone number is; only `mobile` can be sent an SMS. */
export type PhoneLine = 'mobile' | 'fixed' | 'voip';

export interface UsableContact {
  readonly kind: ContactKind;
  readonly class: Exclude<ContactClass, 'invalid'>;
  /**
   * The canonical value. email: lower-case ASCII; phone: E.164 with `+`; line: `U` and 32 hex
   * digits; postal: canonical JSON of its parts.
   */
  readonly value: string;
  /** What two spellings share that any supported network takes for one; stops are kept under it. */
  readonly fold: string;
  /** Phones only. */
  readonly line?: PhoneLine;
}

export interface InvalidContact {
  readonly kind: ContactKind;
  readonly class: 'invalid';
  readonly reason: InvalidReason;
  /** The value as given, cleaned (NFKC, trimmed), so that a stop on it can still be kept. */
  readonly value: string;
  readonly fold: string;
}

export type NormalisedContact = UsableContact | InvalidContact;

export function invalid(
  kind: ContactKind,
  reason: InvalidReason,
  value: string,
  fold = value.toLowerCase(),
): InvalidContact {
  return { kind, class: 'invalid', reason, value, fold };
}
