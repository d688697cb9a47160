import { foldEmailFor, NETWORK_EMAIL_FOLDINGS, normaliseContact } from '@kyoka/contact';
import { emailTemplates, phoneTemplates } from '@kyoka/sample';
import { kindOf } from '../leaks/planted.js';

/** One value of a person of the system. */
export interface Contact {
  readonly kind: 'email' | 'phone' | 'line';
  readonly typed: string;
  /** `+81…`, or the address in lower case. */
  readonly normalised: string;
  /** What stands for it in counts: the same for all that reach the same mailbox. */
  readonly id: string;
}

/** `Contact.id` by `keyOf` of each spelling. */
export type Known = ReadonlyMap<string, string>;

/** What a find is compared as: a number in national form; an address in lower case. */
export const keyOf = (text: string): string =>
  /^\+?\d+$/.test(text) ? text.replace(/^(?:\+?81|0)/, '0') : text.trim().toLowerCase();

/** The addresses, phone numbers and LINE ids among what was typed, each once. */
export function contactsIn(values: readonly string[]): Contact[] {
  const found = new Map<string, Contact>();
  for (const typed of values) {
    const kind = kindOf(typed);
    if (kind === 'postal') continue;
    const { value: normalised, class: sort } = normaliseContact(kind, typed);
    if (sort === 'invalid') continue;
    const id = keyOf(spelled(kind, normalised).at(-1) as string);
    if (!found.has(id)) found.set(id, { kind, typed, normalised, id });
  }
  return [...found.values()];
}

export function knownBy(contacts: readonly Contact[]): Known {
  return new Map(
    contacts.flatMap((contact) =>
      [contact.typed, ...spellings(contact)].map((text) => [keyOf(text), contact.id] as const),
    ),
  );
}

/** The forms under which somebody would have hashed it. */
export const spellings = ({ kind, normalised }: Contact): string[] => spelled(kind, normalised);

function spelled(kind: Contact['kind'], normalised: string): string[] {
  if (kind === 'phone') return [normalised, normalised.slice(1), `0${normalised.slice(3)}`];
  if (kind === 'line') return [normalised];
  const networks = Object.keys(NETWORK_EMAIL_FOLDINGS) as (keyof typeof NETWORK_EMAIL_FOLDINGS)[];
  const folded = networks.flatMap((network) => foldEmailFor(network, normalised) ?? []);
  return [...new Set([normalised, ...folded])];
}

/** Those that can be guessed: all numbers, and addresses of the forms that the sample writes for several people. */
export function guessableOf(contacts: readonly Contact[]): Contact[] {
  const hole = '#';
  const forms = new Map<number, Set<string>>();
  for (const { before, digits, after } of [...emailTemplates(), ...phoneTemplates()]) {
    const same = forms.get(digits) ?? new Set();
    forms.set(digits, same.add(`${before}${hole}${after}`.toLowerCase()));
  }
  return contacts.filter(({ normalised }) => {
    const key = keyOf(normalised);
    return [...forms].some(([digits, texts]) =>
      [...key.matchAll(new RegExp(`(?=\\d{${digits}})`, 'g'))].some(({ index }) =>
        texts.has(`${key.slice(0, index)}${hole}${key.slice(index + digits)}`),
      ),
    );
  });
}
