import { type ActName, recordAct, standingBehind } from '@kyoka/access';
import { type Clock, KyokaError } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, queryable } from '@kyoka/postgres';
import { changeSwitch } from '@kyoka/release';
import type { SwitchesPort, SwitchTarget } from '../ports.js';

export interface SwitchesContext {
  /** Under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly policies: PolicySet;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
  /** Told after every act, so that a policy counts from then on. */
  readonly switched: (target: SwitchTarget) => Promise<void>;
}

const ACT = {
  requested: 'switch.requested',
  approved: 'switch.approved',
  off: 'switch.off',
} as const satisfies Record<string, ActName>;

/** What switches policies and recipients on and off. A policy is one of the files of this service. */
export function switchesService(context: SwitchesContext): SwitchesPort {
  return {
    async change(target, id, request, by) {
      if (target === 'policy' && !context.policies.policies.has(id)) {
        throw new KyokaError('not_found', 'There is no such policy version');
      }
      const at = context.clock();
      const answer = await changeSwitch(context.audiences, { target, id }, request, {
        by: by.owner,
        standingBehind: standingBehind(by),
        at,
        record: (tx, act) =>
          recordAct(tx, { by, act: ACT[act], target: id, at, detail: { switch: target } }),
        ...(target === 'recipient' && { destination: await addressOf(context, id) }),
      });
      await context.switched(target);
      return answer;
    },
  };
}

/** The configured address and account of a recipient's network, which the switch is bound to. */
async function addressOf({ audiences, addressOf }: SwitchesContext, id: string) {
  const [row] = await queryable(audiences).query<{ network: string | null }>(
    'select network from audiences.v_recipient where id = $1',
    [id],
  );
  return row === undefined || row.network === null ? undefined : addressOf(row.network);
}
