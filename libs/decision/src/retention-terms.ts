import type { Instant } from '@kyoka/kernel';
import type { Policy } from '@kyoka/policy';
import { daysBefore } from './calendar.js';

export interface RetentionTerms {
  /** Data acquired before this may not be used any more. */
  readonly acquiredNotBefore?: Instant;
  /** The same for sources with a rule of their own, which wins over the default. */
  readonly acquiredNotBeforeOf: ReadonlyMap<string, Instant | undefined>;
}

/**
 * How long the policy lets data be used for a purpose: the rule that names source and purpose before
 * the one that names the purpose, that before the one that names the source, that before the default.
 */
export function retentionTerms(policy: Policy, purpose: string, at: Instant): RetentionTerms {
  const days = daysOf(policy, purpose, undefined);
  const own = (policy.retention?.rules ?? []).flatMap(({ source }) => source ?? []);
  return {
    ...(days === undefined ? {} : { acquiredNotBefore: daysBefore(at, days) }),
    acquiredNotBeforeOf: new Map(
      own.map((source) => {
        const kept = daysOf(policy, purpose, source);
        return [source, kept === undefined ? undefined : daysBefore(at, kept)];
      }),
    ),
  };
}

/** Every number of days that a policy names for retention. */
export const retentionDays = ({ retention }: Policy): readonly number[] => [
  ...(retention?.default_days ? [retention.default_days] : []),
  ...(retention?.rules ?? []).map(({ days }) => days),
];

/** The days that hold for a source whatever the purpose: the longest that any purpose has. */
export function longestRetention(policy: Policy, source: string): number {
  const days = policy.purposes.map(({ id }) => daysOf(policy, id, source) ?? Infinity);
  return Math.max(...days);
}

function daysOf({ retention }: Policy, purpose: string, source: string | undefined) {
  const rules = retention?.rules ?? [];
  const rule =
    rules.find(
      (one) => one.purpose === purpose && one.source !== undefined && one.source === source,
    ) ??
    rules.find((one) => one.purpose === purpose && one.source === undefined) ??
    rules.find((one) => one.source !== undefined && one.source === source && !one.purpose);
  return rule?.days ?? retention?.default_days ?? undefined;
}
