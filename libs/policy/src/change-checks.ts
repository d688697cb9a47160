import type { Finding } from './faults.js';
import type { Policy } from './policy-schema.js';

/** Changing a purpose within what is related to it; using data beyond takes the person's consent. */
export const CHANGE_ARTICLE = 'APPI Art. 17(2), 18(1)';

/** Whose purposes no declaration extends to data that was taken in before, and why. */
const NEVER_RELATED: readonly {
  readonly why: string;
  readonly is: (policy: Policy, purpose: string) => boolean;
}[] = [
  {
    why: 'provides ad networks with data, which takes consent (APPI Art. 27(1))',
    is: ({ ad_matching: ads }, purpose) => ads?.purpose === purpose,
  },
  {
    why: 'provides third parties with data (APPI Art. 27(1))',
    is: ({ third_party: { purposes } }, purpose) => (purposes ?? []).includes(purpose),
  },
  {
    why: "carries third parties' offers",
    is: ({ purposes }, id) =>
      purposes.some((one) => one.id === id && (one.owner ?? []).includes('third_party')),
  },
  {
    why: 'has to be accepted by itself',
    is: ({ purposes }, id) =>
      purposes.some((one) => one.id === id && one.individually_accepted === true),
  },
];

/** Why a purpose can't be declared as related to what was told before; absent: it can. */
export const neverRelated = (policy: Policy, purpose: string): string | undefined =>
  NEVER_RELATED.find(({ is }) => is(policy, purpose))?.why;

/** What one file shows of its declared changes: versions before this one, purposes it has, what the law lets be related. */
export function checkChanges(policy: Policy): Finding[] {
  const defined = new Set(policy.purposes.map(({ id }) => id));
  return (policy.changes ?? []).flatMap((change, at): Finding[] => {
    const error = (path: readonly PropertyKey[], message: string): Finding => ({
      path: ['changes', at, ...path],
      severity: 'error',
      message,
    });
    return [
      ...change.data_of.flatMap((version, position) =>
        version < policy.policy.version
          ? []
          : [error(['data_of', position], 'expected a version before this one')],
      ),
      ...((change.purposes ?? change.gains)
        ? []
        : [error([], 'expected purposes or gains that are declared')]),
      ...(change.purposes ?? []).flatMap((id, position) => {
        const path = ['purposes', position];
        if (!defined.has(id)) return [error(path, 'names a purpose that is not defined')];
        const why = change.as === 'related' ? neverRelated(policy, id) : undefined;
        return why === undefined
          ? []
          : [
              error(
                path,
                `can not be related: it ${why}; expected by_new_consent (${CHANGE_ARTICLE})`,
              ),
            ];
      }),
    ];
  });
}
