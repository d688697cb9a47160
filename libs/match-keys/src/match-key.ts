import type { Network } from '@kyoka/contact';
import { KyokaError } from '@kyoka/kernel';
import { contactForm } from './contacts.js';
import type { Formed, RejectReason } from './formed.js';
import { googleFamilyName, googleGivenName, metaName } from './names.js';
import { googlePostalCode, googleRegionCode, metaCountry } from './places.js';

/** SHA-256 of the UTF-8 bytes, as 64 lower-case hex digits. */
export type Sha256Hex = (utf8: string) => string;

export type MatchKey =
  | {
      readonly status: 'accepted';
      readonly normalised: string;
      /** `null`: this identifier is sent plain. */
      readonly hash: string | null;
    }
  | { readonly status: 'rejected'; readonly reason: RejectReason };

interface IdentifierRule {
  readonly form: (raw: string) => Formed;
  readonly sent: 'hashed' | 'plain';
}

/**
 * What each network takes and how. Sources: Google Data Manager API, formatting of user data;
 * Meta Custom Audiences guide and customer information parameters.
 */
const IDENTIFIERS: Readonly<Record<Network, Readonly<Record<string, IdentifierRule>>>> = {
  google: {
    email: { form: (raw) => contactForm('google', 'email', raw), sent: 'hashed' },
    phone: { form: (raw) => contactForm('google', 'phone', raw), sent: 'hashed' },
    givenName: { form: googleGivenName, sent: 'hashed' },
    familyName: { form: googleFamilyName, sent: 'hashed' },
    regionCode: { form: googleRegionCode, sent: 'plain' },
    postalCode: { form: googlePostalCode, sent: 'plain' },
  },
  meta: {
    email: { form: (raw) => contactForm('meta', 'email', raw), sent: 'hashed' },
    phone: { form: (raw) => contactForm('meta', 'phone', raw), sent: 'hashed' },
    firstName: { form: metaName, sent: 'hashed' },
    lastName: { form: metaName, sent: 'hashed' },
    country: { form: metaCountry, sent: 'hashed' },
    // whether the hyphen of a Japanese postal code stays is not documented
    zip: { form: () => ({ reason: 'form_not_settled' }), sent: 'hashed' },
  },
};

/** The supported networks. */
export const NETWORKS = Object.keys(IDENTIFIERS) as readonly Network[];

/**
 * One raw value as the match key we send to a network. A refusal is an answer with its reason.
 *
 * @param sha256Hex called only for an accepted value that is sent hashed
 */
export function matchKey(
  network: string,
  identifier: string,
  raw: string,
  sha256Hex: Sha256Hex,
): MatchKey {
  if (!Object.hasOwn(IDENTIFIERS, network)) return rejected('unknown_network');
  const identifiers = IDENTIFIERS[network as Network];
  const rule = Object.hasOwn(identifiers, identifier) ? identifiers[identifier] : undefined;
  if (rule === undefined) return rejected('unknown_identifier');
  const formed = rule.form(raw);
  if ('reason' in formed) return rejected(formed.reason);
  const hash = rule.sent === 'plain' ? null : hashForm(formed.form, sha256Hex);
  return { status: 'accepted', normalised: formed.form, hash };
}

/**
 * The hashing step alone, on a network's form.
 *
 * @throws KyokaError `bad_input` for an empty form: everybody would share its digest
 */
export function hashForm(form: string, sha256Hex: Sha256Hex): string {
  if (form === '') throw new KyokaError('bad_input', 'an empty form has no match key');
  return sha256Hex(form);
}

function rejected(reason: RejectReason): MatchKey {
  return { status: 'rejected', reason };
}
