import {
  type AddressOf,
  decidePersons,
  loadRecipient,
  stopsInForce,
} from '@kyoka/permission-store';
import type { ContentOwner, PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { countDecisions } from '@kyoka/telemetry';
import type { AudienceAsk, DecidePersons, StopsInForce } from './ports.js';

/**
 * Decisions from stored facts: of the persons, of the recipient as it is registered and switched
 * now, and of the policy, which counts as unknown unless two people have switched it on.
 *
 * @param addressOf the configured address of a network, with the account there
 */
export function storedDecisions(set: PolicySet, addressOf: AddressOf): DecidePersons {
  const withoutPolicies: PolicySet = { ...set, policies: new Map() };
  return async (tx, ask, subjectIds) => {
    const facts = await loadRecipient(tx, ask.recipient, addressOf);
    const decisions = await decidePersons(
      tx,
      (await isSwitchedOn(tx, ask.policy)) ? set : withoutPolicies,
      { ...questionOf(ask), ...(facts && { recipient: facts }) },
      subjectIds,
    );
    countDecisions('release', decisions);
    return decisions;
  };
}

/** Which stops are in force for a question. That a policy is switched off narrows no stop. */
export function storedStops(set: PolicySet): StopsInForce {
  return (tx, ask, reach) => stopsInForce(tx, set, questionOf(ask), reach);
}

const questionOf = ({ policy, at, contentOwner, ...request }: AudienceAsk) => ({
  policy,
  at,
  request: { ...request, contentOwner: contentOwner as ContentOwner },
});

async function isSwitchedOn(tx: Queryable, policy: string): Promise<boolean> {
  const [row] = await tx.query<{ switched_on: boolean }>(
    `select switched_on from audiences.v_switch where target = 'policy' and target_id = $1`,
    [policy],
  );
  return row?.switched_on === true;
}
