import type { Policy } from '@kyoka/policy';
import type { RecipientFacts } from './facts.js';

type Entry = RecipientFacts | undefined;

/** A recipient that is neither a processor nor a joint user (APPI Art. 27(5)). */
export const isThirdParty = (entry: Entry): boolean =>
  entry?.basis === 'consent' || entry?.basis === 'opt_out_filed';

/** Joint use that the policy states in full with a recipient (APPI Art. 27(5)(iii)). */
export function jointUseWith(policy: Policy | undefined, id: string | undefined) {
  const stated = policy?.joint_use;
  if (!Array.isArray(stated)) return undefined;
  return stated.find(
    ({ recipients, address, representative }) =>
      recipients.includes(id ?? '') && address !== undefined && representative !== undefined,
  );
}

/** What the policy lets a recipient outside ads have on its basis; `undefined`: it lists nothing. */
export function providedItems(
  policy: Policy | undefined,
  entry: Entry,
): readonly string[] | undefined {
  switch (entry?.basis) {
    case 'joint_use':
      return jointUseWith(policy, entry.id)?.items;
    case 'opt_out_filed':
      return policy?.third_party.filing?.items ?? policy?.third_party.items;
    case 'consent':
      return policy?.third_party.items;
    default:
      return undefined;
  }
}

/** Whether the policy lists what the recipient may have, so that its entry has to say what it gets. */
export const listed = (policy: Policy | undefined, entry: Entry): boolean =>
  providedItems(policy, entry) !== undefined;
