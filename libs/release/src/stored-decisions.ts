import {
  type AddressOf,
  decidePersons,
  loadRecipient,
  policiesInForce,
  ruledBy,
  policiesKnown,
  stopsInForce,
} from '@kyoka/permission-store';
import type { ContentOwner, PolicySet } from '@kyoka/policy';
import { countDecisions } from '@kyoka/telemetry';
import type { AudienceAsk, DecidePersons, StopsInForce } from './ports.js';

/**
 * Decisions from stored facts: of the persons, of the recipient as it is registered and switched
 * now, and of the policy, which counts as unknown unless two people have switched it on.
 *
 * @param addressOf the configured address of a network, with the account there
 */
export function storedDecisions(set: PolicySet, addressOf: AddressOf): DecidePersons {
  return async (tx, ask, subjectIds) => {
    const facts = await loadRecipient(tx, ask.recipient, addressOf);
    const inForce = await policiesInForce(tx, set);
    const decisions = await decidePersons(
      tx,
      inForce,
      { ...questionOf(ask), ...(facts && { recipient: facts }) },
      subjectIds,
    );
    countDecisions('release', decisions);
    return decisions.map((decision) =>
      decision.allowed ? { ...decision, ruledBy: ruledBy(inForce, decision) } : decision,
    );
  };
}

/** Which stops are in force for a question. That a policy is switched off narrows no stop. */
export function storedStops(set: PolicySet): StopsInForce {
  return async (tx, ask, reach) =>
    stopsInForce(tx, await policiesKnown(tx, set), questionOf(ask), reach);
}

const questionOf = ({ policy, at, contentOwner, ...request }: AudienceAsk) => ({
  policy,
  at,
  request: { ...request, contentOwner: contentOwner as ContentOwner },
});
