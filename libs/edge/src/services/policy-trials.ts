import { type Clock, KyokaError } from '@kyoka/kernel';
import { type AddressOf, policiesInForce, policiesKnown, tryPolicy } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable } from '@kyoka/postgres';
import type { PolicyTrialsPort } from '../ports.js';

interface PolicyTrialsContext {
  /** Under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly policies: PolicySet;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
}

const EXAMPLES = 5;

/**
 * Tries a deployed version on the people stored, against the newest version of the same policy that is
 * switched on; the only one that is on, against itself.
 */
export function policyTrialsService(context: PolicyTrialsContext): PolicyTrialsPort {
  return {
    async try(id, { examples = EXAMPLES }) {
      const newer = context.policies.policies.get(id);
      if (!newer) throw new KyokaError('not_found', 'There is no such policy version');
      const db = queryable(context.audiences);
      const against = [...(await policiesInForce(db, context.policies)).policies]
        .filter(([, { policy }]) => policy.id === newer.policy.id)
        .sort(
          ([left, one], [right, other]) =>
            Number(left === id) - Number(right === id) || other.policy.version - one.policy.version,
        )[0]?.[0];
      const at = context.clock();
      const uses = await tryPolicy(
        db,
        await policiesKnown(db, context.policies),
        { newer: id, ...(against === undefined ? {} : { older: against }) },
        { at, addressOf: context.addressOf, examples },
      );
      return {
        policy: id,
        ...(against === undefined ? {} : { against }),
        uses: uses.map(({ gain, lose, ...use }) => ({
          ...use,
          gain: { ...gain, examples: [...gain.examples] },
          lose: { ...lose, examples: [...lose.examples] },
        })),
      };
    },
  };
}
