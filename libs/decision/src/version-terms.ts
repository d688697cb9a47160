import { type Instant, tokyoDayBounds } from '@kyoka/kernel';
import { mayBeRelated, type Policy, policyKey, type PolicySet } from '@kyoka/policy';
import { type AskedPurpose, grantTerms } from './grant-terms.js';

/** What the versions of a policy say about one purpose. */
export interface VersionTerms {
  /**
   * Versions of the same policy, each with the categories whose data of it may be used for this
   * purpose: it had the purpose, or the version asked for declares it as related (APPI Art. 17(2)).
   */
  readonly versions: ReadonlyMap<string, ReadonlySet<string>>;
  /** From when on each was in force, the newest first: what an act without a version was done under. */
  readonly versionsSince: readonly (readonly [string, Instant])[];
}

export function versionTerms(set: PolicySet, policy: Policy, purpose: AskedPurpose): VersionTerms {
  const known = new Map([...(set.known ?? set.policies), [policyKey(policy), policy] as const]);
  const own = [...known].filter(
    ([
      ,
      {
        policy: { id },
      },
    ]) => id === policy.policy.id,
  );
  const granted = [...grantTerms(policy, purpose, undefined).granted.keys()];
  return {
    versions: new Map(
      own.map(([key, other]) => [
        key,
        new Set([
          ...grantTerms(other, purpose, undefined).granted.keys(),
          ...(isRelated(policy, other.policy.version, purpose.id)
            ? granted.filter((category) =>
                mayBeRelated(other, policy, { category, purpose: purpose.id }),
              )
            : []),
        ]),
      ]),
    ),
    versionsSince: own
      .map(([key, other]) => ({ key, other, since: sinceOf(set, key, other) }))
      .sort(
        (left, right) =>
          (left.since === right.since ? 0 : right.since - left.since) ||
          right.other.policy.version - left.other.policy.version,
      )
      .map(({ key, since }) => [key, since] as const),
  };
}

/** The moment from which a version is in force; always, where it names no day. */
export const inForceSince = ({ policy: { effective_from: day } }: Policy): Instant =>
  day ? (tokyoDayBounds(day)?.first ?? Infinity) : -Infinity;

/** The same, and not before it went live, where that is known. */
const sinceOf = ({ liveSince }: PolicySet, key: string, policy: Policy): Instant =>
  Math.max(inForceSince(policy), liveSince?.get(key) ?? -Infinity);

const isRelated = ({ changes = [] }: Policy, version: number, purpose: string): boolean =>
  changes.some(
    (change) =>
      change.as === 'related' &&
      change.data_of.includes(version) &&
      (change.purposes ?? []).includes(purpose),
  );
