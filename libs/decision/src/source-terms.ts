import type { Channel, Instant } from '@kyoka/kernel';
import {
  allowsPurpose,
  type Policy,
  policyKey,
  type PolicySet,
  type SourceContract,
} from '@kyoka/policy';
import { daysBefore } from './calendar.js';
import type { AskedPurpose } from './grant-terms.js';

/** What one source's contract and the policy say about the use that is asked for. */
export interface SourceTerms {
  readonly permits: boolean;
  /** Data acquired before this may not be used any more. */
  readonly notBefore?: Instant;
  /** The days after acquisition, the last one included, in which data may be used; absent: no limit. */
  readonly keepDays?: number;
  /** `shown`: the notice is known to have been shown; `not_refused`: it is not known to be missing. */
  readonly notice: 'shown' | 'not_refused' | 'any';
  /** What says so: a place in the source contract or the policy. */
  readonly pointer: string;
}

/** The terms of every source that the policy names and that has a contract. */
export function sourceTerms(
  set: PolicySet,
  policy: Policy,
  purpose: AskedPurpose,
  channel: Channel | undefined,
  at: Instant,
): ReadonlyMap<string, SourceTerms> {
  const terms = new Map<string, SourceTerms>();
  for (const { id, kind } of policy.sources) {
    const contract = set.contracts.get(id);
    if (!contract) continue;
    const form = kind === 'form_abandoned' ? (policy.form_abandoned ?? UNUSED_FORM) : undefined;
    const byForm =
      !form || (form.use && within(form.purposes, purpose.id) && within(form.channels, channel));
    const days = daysKept(policy, { kind }, contract);
    const acquired = kind === 'direct' ? acquisitionNotice(policy, purpose) : 'any';
    terms.set(id, {
      permits: byForm && permits(contract, purpose, channel),
      ...(days === Infinity ? {} : { keepDays: days, notBefore: daysBefore(at, days) }),
      notice: form ? 'shown' : acquired,
      pointer: byForm ? `source-contract:${id}#/allows` : `${policyKey(policy)}#/form_abandoned`,
    });
  }
  return terms;
}

/**
 * What has to have come before data was given directly. Where the policy takes data in only by consent,
 * it is known to have come, whatever the purpose (the consent itself is evidence that intake asks for).
 */
function acquisitionNotice(policy: Policy, { kind }: AskedPurpose): SourceTerms['notice'] {
  if (policy.consent_at_acquisition === 'consent') return 'shown';
  const optional = kind === 'marketing' || kind === 'analytics';
  return policy.consent_at_acquisition === 'notice' && optional ? 'not_refused' : 'any';
}

/** How many days after acquisition the data of a source may be used; `Infinity` where nothing says so. */
export const daysKept = (
  { form_abandoned: form }: Policy,
  { kind }: Pick<Policy['sources'][number], 'kind'>,
  { retention_days: days }: SourceContract,
): number =>
  Math.min(days ?? Infinity, kind === 'form_abandoned' ? (form?.keep_days ?? Infinity) : Infinity);

const UNUSED_FORM = { use: false, purposes: [], channels: [], keep_days: Infinity };

/** A use that reaches nobody has no channel, so no list of channels narrows it. */
const within = <T>(list: readonly T[], one: T | undefined): boolean =>
  one === undefined || list.includes(one);

const permits = (
  contract: SourceContract,
  purpose: AskedPurpose,
  channel: Channel | undefined,
): boolean => allowsPurpose(contract, purpose) && within(contract.allows.channels, channel);

/** Categories that may have come from a source which doesn't plainly permit the use. */
export function categoriesOfNarrowSources(
  policy: Policy,
  sources: ReadonlyMap<string, SourceTerms>,
): ReadonlySet<string> {
  const plain = (id: string): boolean => {
    const terms = sources.get(id);
    return terms?.permits === true && terms.notBefore === undefined && terms.notice !== 'shown';
  };
  return new Set(policy.sources.flatMap(({ id, yields }) => (plain(id) ? [] : yields)));
}
