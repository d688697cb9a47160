import type { PersonDecision, ReleaseContext } from './ports.js';
import type { Audience } from './tables/audience-table.js';

/**
 * The decisions as far as the audience's network can make use of them: contact points of a kind that
 * it doesn't take are left out, and who has no other has none for this use.
 */
export function usableDecisions(
  { connectors }: Pick<ReleaseContext, 'connectors'>,
  { network }: Pick<Audience, 'network'>,
  decisions: readonly PersonDecision[],
): readonly PersonDecision[] {
  const connector = network === null ? undefined : connectors.get(network);
  if (connector === undefined) return decisions;
  const kinds: readonly string[] = connector.capabilities.identifiers;
  return decisions.map((decision) => {
    const contacts = decision.contacts.filter(({ kind }) => kinds.includes(kind));
    return decision.allowed && contacts.length === 0
      ? { ...decision, allowed: false, reasons: [{ code: 'contact_missing' }], contacts }
      : { ...decision, contacts };
  });
}
