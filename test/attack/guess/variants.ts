import { createHmac, hash } from 'node:crypto';
import type { Suspect } from '../search/copy-index.js';
import type { DigestFilter } from '../search/filter.js';
import { type Contact, keyOf, spellings } from '../people.js';

/** A text that somebody may have hashed, and whose it is. */
export interface Guess {
  readonly text: string;
  readonly key: string;
}

/** How many numbers on each side of a person's are tried as well. */
const NEIGHBOURS = 5;

/** The values of these people in each form, and the numbers around theirs. */
export function neighbourhoodOf(contacts: readonly Contact[]): Guess[] {
  return around(contacts).flatMap((contact) =>
    spellings(contact).map((text) => ({ text, key: keyOf(text) })),
  );
}

/** The same people and numbers as this service's own look-up token takes them in (`@kyoka/vault`), for a key that lies about. */
export function tokenMessagesOf(contacts: readonly Contact[]): Guess[] {
  return around(contacts).map(({ kind, normalised }) => ({
    text: `kyoka contact token v1\0${kind}\0${normalised}`,
    key: keyOf(normalised),
  }));
}

function around(contacts: readonly Contact[]): Contact[] {
  return contacts.flatMap((contact) => {
    if (contact.kind !== 'phone') return [contact];
    const own = Number(contact.normalised.slice(1));
    return Array.from({ length: 2 * NEIGHBOURS + 1 }, (_, n) => ({
      ...contact,
      normalised: `+${own - NEIGHBOURS + n}`,
    }));
  });
}

/** SHA-1 and MD5 of each guess, where the copy may hold it. */
export function unkeyed(guesses: readonly Guess[], digests: DigestFilter): Suspect[] {
  return guesses.flatMap(({ text, key }) =>
    ['sha1', 'md5'].flatMap((how) => {
      const digest = hash(how, text, 'buffer');
      return digests.mayHold(digest) ? [{ digest, key, how }] : [];
    }),
  );
}

export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
export const hmac = (key: Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
