import { hash } from 'node:crypto';
import { matchKey } from '@kyoka/match-keys';
import type { Sandbox } from '@kyoka/sandbox';
import type { Network, Person } from './words.js';

export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** What the sandbox knows: what its lists hold, and what reached it. */
export interface Evidence {
  /** How the journal names the contact points of a person. */
  digestsOf(network: Network, person: Person): string[];
  /** The contact points of a person that the network's lists hold. */
  held(network: Network, person: Person): number;
  /** Requests of the journal that name a contact point of a person. */
  requests(network: Network, op: 'add' | 'remove', person: Person): number;
}

/** @param digest the keyed digest under which the sandbox keeps a match key */
export function evidenceOf(sandbox: Sandbox, digest: (matchKey: string) => string): Evidence {
  const digestsOf = (network: Network, { email, phone }: Person): string[] =>
    [
      email === undefined ? undefined : matchKey(network, 'email', email, sha256Hex),
      phone === undefined ? undefined : matchKey(network, 'phone', phone, sha256Hex),
    ].flatMap((key) => (key?.status === 'accepted' && key.hash ? [digest(key.hash)] : []));
  return {
    digestsOf,
    held: (network, person) => {
      const digests = new Set(digestsOf(network, person));
      return sandbox
        .lists()
        .filter((list) => list.network === network)
        .flatMap((list) => list.members)
        .filter((member) => digests.has(member.digest)).length;
    },
    requests: (network, op, person) => {
      const digests = new Set(digestsOf(network, person));
      return sandbox.journal
        .entries()
        .filter(
          (entry) =>
            entry.kind === 'request' &&
            entry.network === network &&
            entry.op === op &&
            entry.members?.some((member) =>
              [...member.emails, ...member.phones].some((key) => digests.has(key)),
            ),
        ).length;
    },
  };
}
