import { DASHES, normaliseContact } from '@kyoka/contact';
import type { ContactKind } from '@kyoka/kernel';

/** A Japanese number as people write one: with its hyphens, with the country code, or a bare mobile or IP number. */
const JP_NUMBER = /^(?:\+81[\d ().-]{8,16}|0\d{1,4}-\d{1,4}-\d{3,4}|0[5-9]0\d{8})$/;

/**
 * Whether a text that should be somebody's own name for something (a reference, an id) is an address
 * in truth: such texts lie in the clear in tables, topics and logs, where no address may be.
 *
 * @returns which kind of contact point it is
 */
export function addressKind(value: string): Extract<ContactKind, 'email' | 'phone'> | undefined {
  const plain = value.normalize('NFKC').replace(DASHES, '-').trim();
  if (plain.includes('@') && isContact('email', plain)) return 'email';
  return JP_NUMBER.test(plain) && isContact('phone', plain) ? 'phone' : undefined;
}

const isContact = (kind: ContactKind, value: string): boolean =>
  normaliseContact(kind, value).class !== 'invalid';

const EMAIL_INSIDE = /[^\s@<>()"',;:]+@[^\s@<>()"',;:]+\.[^\s@<>()"',;:]+/;
const NUMBER_INSIDE =
  /(?<!\d)(?:\+81[\d ().-]{8,16}|0\d{1,4}[-() ]{1,3}\d{1,4}[-() ]{1,3}\d{3,4}|0\d{9,10})(?!\d)/;

/** Whether an email address or a Japanese phone number stands somewhere in a text that people write. */
export function holdsAddress(text: string): boolean {
  const plain = text.normalize('NFKC').replace(DASHES, '-');
  return EMAIL_INSIDE.test(plain) || NUMBER_INSIDE.test(plain);
}
