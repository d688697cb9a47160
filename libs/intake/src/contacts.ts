import { CONTACT_RULES_VERSION, normaliseContact } from '@kyoka/contact';
import {
  type ContactClass,
  type ContactKind,
  type FieldFault,
  type Instant,
  parseInstant,
} from '@kyoka/kernel';
import { openContactSync } from '@kyoka/publisher/node';
import type { Vault } from '@kyoka/vault';
import type { KnownPublisher } from './publishers/known-publishers.js';

/** A contact point as intake keeps it in memory until it is sealed. `value` never leaves the process. */
export interface PreparedContact {
  readonly kind: ContactKind;
  readonly value: string;
  readonly class: ContactClass;
  readonly line: string | null;
  readonly token: Buffer;
  readonly fold: Buffer;
  readonly rulesVersion: string;
  readonly confirmedAt?: Instant | undefined;
}

export interface GivenContact {
  readonly kind: ContactKind;
  readonly value?: string | undefined;
  readonly sealed?: string | undefined;
  readonly confirmedAt?: string | undefined;
}

type ContactFault = {
  readonly kind: 'contact_not_sealed' | 'contact_unreadable' | 'malformed';
  readonly fault: FieldFault;
};

export interface ReadContacts {
  readonly contacts: readonly PreparedContact[];
  readonly faults: readonly ContactFault[];
  /** Contacts that can be nobody's, such as a number with a digit too few: kept, but a stop must not pass them over. */
  readonly unusable: readonly FieldFault[];
}

export interface ContactContext {
  readonly vault: Vault;
  readonly publisher: KnownPublisher | undefined;
  readonly plaintext: boolean;
  /** Whether a confirmation of contact points by this event counts. */
  readonly attests: boolean;
  readonly binding: { readonly id: string; readonly source: string; readonly ref: string };
}

/** Opens, normalises, classifies and tokenises the contacts of an event; what can't be read is named. */
export function readContacts(
  given: readonly GivenContact[],
  context: ContactContext,
): ReadContacts {
  const contacts: PreparedContact[] = [];
  const faults: ContactFault[] = [];
  const unusable: FieldFault[] = [];
  given.forEach((contact, index) => {
    const field = `data.contacts[${index}]`;
    const value = valueOf(contact, context);
    if (typeof value !== 'string') {
      faults.push({ kind: value.kind, fault: { field, expected: value.expected } });
      return;
    }
    const normalised = normaliseContact(contact.kind, value);
    if (normalised.class === 'invalid' && normalised.reason === 'already_hashed') {
      faults.push({
        kind: 'malformed',
        fault: { field, expected: 'a contact value, not a digest of one' },
      });
      return;
    }
    if (normalised.class === 'invalid')
      unusable.push({ field, expected: `a usable ${contact.kind}` });
    const token = context.vault.token(contact.kind, normalised.value);
    contacts.push({
      kind: contact.kind,
      value: normalised.value,
      class: normalised.class,
      line: (normalised.class === 'invalid' ? undefined : normalised.line) ?? null,
      token,
      fold:
        normalised.fold === normalised.value
          ? token
          : context.vault.token(contact.kind, normalised.fold),
      rulesVersion: CONTACT_RULES_VERSION,
      confirmedAt:
        context.attests && contact.confirmedAt !== undefined
          ? parseInstant(contact.confirmedAt)
          : undefined,
    });
  });
  return { contacts, faults, unusable };
}

function valueOf(
  contact: GivenContact,
  context: ContactContext,
): string | { kind: ContactFault['kind']; expected: string } {
  if (contact.value !== undefined) {
    return context.plaintext
      ? contact.value
      : { kind: 'contact_not_sealed', expected: 'a contact sealed under the publisher key' };
  }
  const { publisher, binding } = context;
  const opened =
    publisher === undefined || contact.sealed === undefined
      ? undefined
      : openContactSync(
          contact.sealed,
          publisher.kid,
          { ...binding, kind: contact.kind },
          publisher.sealKey,
        );
  return (
    opened ?? {
      kind: 'contact_unreadable',
      expected: 'a contact sealed for this event under its publisher key',
    }
  );
}
