import { type ActName, recordAct, standingBehind } from '@kyoka/access';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { type AddressOf, policiesKnown } from '@kyoka/permission-store';
import {
  policyDiff,
  type PolicyDifference,
  policyKey,
  type PolicySet,
  undeclaredGains,
} from '@kyoka/policy';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
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
      const at = context.clock();
      const version = target === 'policy' ? await goingLive(context, id) : undefined;
      const answer = await changeSwitch(context.audiences, { target, id }, request, {
        by: by.owner,
        standingBehind: standingBehind(by),
        at,
        ...(version?.file && { file: version.file }),
        ...(version && { check: version.check }),
        record: (tx, act, before) =>
          recordAct(tx, {
            by,
            act: ACT[act],
            target: id,
            at,
            detail: {
              switch: target,
              ...version?.detail,
              ...(act === 'approved' && before ? { requestedBy: before.by } : {}),
            },
          }),
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

/** What a policy version is switched on as, and what refuses it. */
async function goingLive({ audiences, policies }: SwitchesContext, id: string) {
  const known = await policiesKnown(queryable(audiences), policies);
  const policy = known.policies.get(id);
  if (!policy) throw new KyokaError('not_found', 'There is no such policy version');
  const file = policies.files.get(id);
  const older = (versions: PolicySet['policies']) =>
    [...versions.values()].filter(
      ({ policy: one }) => one.id === policy.policy.id && one.version < policy.policy.version,
    );
  const last = older(known.known ?? new Map()).sort(
    (left, right) => right.policy.version - left.policy.version,
  )[0];
  return {
    file,
    detail: {
      ...(file && { file: file.sha256 }),
      ...(policy.policy.text && { text: policy.policy.text.sha256 }),
      ...(last && { against: policyKey(last), ...countsOf(policyDiff(last, policy)) }),
    },
    // Against every version that was ever in force: data of each is still there.
    check: async (tx: Queryable) => {
      const { known: live = new Map() } = await policiesKnown(tx, policies);
      const faults = older(live).flatMap((one) =>
        undeclaredGains(one, policy).map(({ name, expected }) => ({
          field: `${id} since ${policyKey(one)}: ${name}`,
          expected,
        })),
      );
      if (faults.length > 0) {
        throw new KyokaError('conflict', 'the version gives what it does not declare', { faults });
      }
    },
  };
}

/** How many entries of each kind a version gains and loses. */
const countsOf = (difference: PolicyDifference) => ({
  gained: mapCounts(difference, ({ gained }) => gained.length),
  lost: mapCounts(difference, ({ lost }) => lost.length),
});

const mapCounts = (
  difference: PolicyDifference,
  count: (change: {
    readonly gained: readonly unknown[];
    readonly lost: readonly unknown[];
  }) => number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(difference).map(([kind, change]) => [kind, count(change)]));
