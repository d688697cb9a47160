import { type AddressOf, decidePersons, loadRecipient } from '@kyoka/permission-store';
import type { ContentOwner, PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import type { DecidePersons } from './ports.js';

/**
 * Decisions from stored facts: of the persons, of the recipient as it is registered and switched
 * now, and of the policy, which counts as unknown unless two people have switched it on.
 *
 * @param addressOf the configured address of a network, with the account there
 */
export function storedDecisions(set: PolicySet, addressOf: AddressOf): DecidePersons {
  const withoutPolicies: PolicySet = { ...set, policies: new Map() };
  return async (tx, ask, subjectIds) => {
    const { policy, purpose, channel, recipient, contentOwner, actor, use, at } = ask;
    const facts = await loadRecipient(tx, recipient, addressOf);
    return decidePersons(
      tx,
      (await isSwitchedOn(tx, policy)) ? set : withoutPolicies,
      {
        policy,
        at,
        request: {
          purpose,
          channel,
          recipient,
          contentOwner: contentOwner as ContentOwner,
          actor,
          use,
        },
        ...(facts && { recipient: facts }),
      },
      subjectIds,
    );
  };
}

async function isSwitchedOn(tx: Queryable, policy: string): Promise<boolean> {
  const [row] = await tx.query<{ switched_on: boolean }>(
    `select switched_on from audiences.v_switch where target = 'policy' and target_id = $1`,
    [policy],
  );
  return row?.switched_on === true;
}
