import type { ContactKind } from '@kyoka/kernel';
import { normaliseEmail } from './email.js';
import { normaliseLine } from './line.js';
import type { NormalisedContact } from './normalised.js';
import { normalisePhone } from './phone.js';
import { normalisePostal } from './postal.js';

const RULES: Readonly<Record<ContactKind, (raw: string) => NormalisedContact>> = {
  email: normaliseEmail,
  phone: normalisePhone,
  line: normaliseLine,
  postal: normalisePostal,
};

/**
 * Normalises and classifies a contact point. An unusable value is an answer of class `invalid`
 * with its reason, never an error; normalising a `value` again gives the same answer.
 *
 * Time grows with the length of `raw`, so cap a request's size before.
 */
export function normaliseContact(kind: ContactKind, raw: string): NormalisedContact {
  return RULES[kind](raw);
}
