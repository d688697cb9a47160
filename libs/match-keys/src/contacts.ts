import { foldEmailFor, normaliseContact } from '@kyoka/contact';
import type { Network, NormalisedContact } from '@kyoka/contact';
import type { Formed, RejectReason } from './formed.js';

/** The kinds of contact point that ad networks match. */
export type MatchableKind = 'email' | 'phone';

/** Each network's writing of a canonical value; `undefined` when its rule leaves nothing. */
const FORMS: Readonly<
  Record<Network, Record<MatchableKind, (canonical: string) => string | undefined>>
> = {
  google: { email: (address) => foldEmailFor('google', address), phone: (e164) => e164 },
  // Custom Audiences guide: country code first, no symbol, no leading zero
  meta: { email: (address) => foldEmailFor('meta', address), phone: (e164) => e164.slice(1) },
};

const CLASS_REASONS = {
  relay: 'relay_address',
  alias: 'alias_address',
  role: 'role_address',
} as const satisfies Record<string, RejectReason>;

/**
 * The network's form of a contact point that is already canonical, ready to be hashed.
 * `undefined` for whatever is never matched: relay, alias, role and unusable contact points,
 * another kind than asked for, or a value of which the network's rule leaves nothing. A removal
 * names what was sent, so hand it in under the class it was sent with, not under today's.
 */
export function networkForm(
  network: Network,
  kind: MatchableKind,
  contact: NormalisedContact,
): string | undefined {
  if (contact.kind !== kind || contact.class !== 'personal') return undefined;
  return FORMS[network][kind](contact.value);
}

export function contactForm(network: Network, kind: MatchableKind, raw: string): Formed {
  const contact = normaliseContact(kind, raw);
  if (contact.class === 'invalid') return { reason: contact.reason };
  if (contact.class !== 'personal') return { reason: CLASS_REASONS[contact.class] };
  const form = networkForm(network, kind, contact);
  return form === undefined ? { reason: 'nothing_left' } : { form };
}
