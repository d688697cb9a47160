import {
  type Channel,
  CHANNEL_CONTACT,
  CHANNELS,
  type ContactKind,
  type Instant,
} from '@kyoka/kernel';
import { type LegalPack, type Policy, type PolicySet, type ProvisionBasis } from '@kyoka/policy';
import { monthsBefore } from './calendar.js';
import type { DecisionQuestion } from './facts.js';
import {
  type AskedPurpose,
  basisStated,
  grantTerms,
  type GrantTerms,
  purposeOf,
} from './grant-terms.js';
import { retentionTerms } from './retention-terms.js';
import { categoriesOfNarrowSources, sourceTerms, type SourceTerms } from './source-terms.js';
import { inForceSince, versionTerms, type VersionTerms } from './version-terms.js';

/**
 * What policy, source contracts and law say about one question: constants of a whole run. A person's
 * facts are compared with these sets and moments and with nothing else, so that SQL can do the same.
 */
export interface Terms extends GrantTerms, VersionTerms {
  readonly question: DecisionQuestion;
  readonly at: Instant;
  /** When the policy asked for comes or came into force; absent where there is none of that name. */
  readonly inForceFrom?: Instant;
  /** Absent before it is in force. */
  readonly policy?: Policy;
  readonly legal?: LegalPack;
  readonly purpose?: AskedPurpose;
  readonly channel?: Channel;
  /** The person may refuse the purpose and still get what they asked for: marketing, analytics. */
  readonly optional: boolean;
  /** Purposes of the policy and duties of the law; a stop of any other purpose stops all of them. */
  readonly knownPurposes: ReadonlySet<string>;
  /** Recipients and groups of the policy; a withdrawal at any other reaches all of them. */
  readonly knownRecipients: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly linkable: ReadonlySet<string>;
  /** In the order of the policy, which is the order in which an answer names them. */
  readonly sources: ReadonlyMap<string, SourceTerms>;
  /** Categories for which it matters which source they came from, where no contact point tells. */
  readonly sourceMatters: ReadonlySet<string>;
  /** Kinds of contact point that can carry the channel; empty: it needs none. */
  readonly contactKinds: readonly ContactKind[];
  /** What the use rests on; `none`: on no choice of the person. */
  readonly basis: 'none' | 'clause' | 'consent';
  /** The law's article that raised the basis above what the policy says. */
  readonly floorArticle?: string;
  /** The purpose whose consent counts on this channel. */
  readonly consentPurpose: string;
  /** The asked recipient and its groups, as a consent may name them; empty: not a known recipient. */
  readonly recipientNames: readonly string[];
  /** Consents granted before this have expired. */
  readonly consentNotBefore?: Instant;
  /** Data acquired before this may not be used any more. */
  readonly acquiredNotBefore?: Instant;
  /** The same where the policy has a rule for the source that the data came in through. */
  readonly acquiredNotBeforeOf: ReadonlyMap<string, Instant | undefined>;
  /** A review of the recipient before this is overdue. */
  readonly reviewNotBefore?: Instant;
  readonly confirmationNeeded: boolean;
  readonly survivesCancellation: boolean;
  /** Bases on which the recipient may hold the data, by the policy and by the law. */
  readonly policyBases: readonly ProvisionBasis[];
  readonly legalBases: readonly ProvisionBasis[];
}

/** Reads the policy set once for a question. */
export function termsOf(set: PolicySet, question: DecisionQuestion): Terms {
  const channel = CHANNELS.find((one) => one === question.request.channel);
  const named = question.policy === undefined ? undefined : set.policies.get(question.policy);
  const inForceFrom = named && inForceSince(named);
  const policy = inForceFrom !== undefined && question.at >= inForceFrom ? named : undefined;
  const legal = policy && set.legal.get(policy.policy.legal_pack);
  const asked = {
    question,
    at: question.at,
    ...(channel ? { channel } : {}),
    ...(inForceFrom === undefined ? {} : { inForceFrom }),
  };
  if (!policy || !legal) return { ...NOTHING_KNOWN, ...asked };
  const ads = policy.ad_matching;
  const of = {
    ...NOTHING_KNOWN,
    ...asked,
    policy,
    legal,
    knownPurposes: new Set([...policy.purposes, ...legal.duties].map(({ id }) => id)),
    knownRecipients: new Set(ads?.recipients.flatMap(({ id, groups }) => [id, ...groups])),
    categories: new Set(policy.categories.map(({ id }) => id)),
    linkable: new Set(policy.cookie_linking),
    contactKinds: contactKinds(policy, channel),
    reviewNotBefore: monthsBefore(question.at, reviewMonths(policy, legal)),
    recipientNames: recipientNames(policy, question.request.recipient),
    policyBases:
      channel === 'ads' ? (ads?.bases ?? []) : [...PROCESSOR, ...(policy.third_party.bases ?? [])],
    legalBases: channel === 'ads' ? legal.ad_matching.bases : legal.provision.bases,
    ...(policy.consents
      ? { consentNotBefore: monthsBefore(question.at, policy.consents.valid_months) }
      : {}),
  };
  const purpose = purposeOf(policy, legal, question.request.purpose);
  if (!purpose) return of;
  const sources = sourceTerms(set, policy, purpose, channel, question.at);
  return {
    ...of,
    purpose,
    ...retentionTerms(policy, purpose.id, question.at),
    optional: purpose.kind === 'marketing' || purpose.kind === 'analytics',
    ...grantTerms(policy, purpose, channel),
    sources,
    sourceMatters: categoriesOfNarrowSources(policy, sources),
    ...versionTerms(set, policy, purpose),
    ...basis(policy, legal, purpose, channel),
    consentPurpose: channel === 'ads' && ads ? ads.purpose : purpose.id,
    confirmationNeeded:
      purpose.kind === 'marketing' &&
      channel !== undefined &&
      (policy.confirmed_contact ?? []).includes(channel),
    survivesCancellation: survives(policy, purpose),
  };
}

/** How many months a review of a recipient holds: the shorter of what the policy and the law say. */
export const reviewMonths = (policy: Policy, legal: LegalPack): number =>
  Math.min(policy.processors.review_months ?? Infinity, legal.foreign_transfer.review_months);

/** Outside ads a recipient may only work for the company; other provision has no path here. */
const PROCESSOR: readonly ProvisionBasis[] = ['processor'];

/** What ad networks match, where a policy doesn't say. */
const MATCHED_KINDS: readonly ContactKind[] = ['email', 'phone'];

const NOTHING_KNOWN: Omit<Terms, 'question' | 'at'> = {
  optional: false,
  knownPurposes: new Set(),
  knownRecipients: new Set(),
  categories: new Set(),
  granted: new Map(),
  naming: new Set(),
  byConsent: new Set(),
  linkable: new Set(),
  sources: new Map(),
  sourceMatters: new Set(),
  versions: new Map(),
  versionsSince: [],
  acquiredNotBeforeOf: new Map(),
  contactKinds: [],
  basis: 'none',
  consentPurpose: '',
  recipientNames: [],
  confirmationNeeded: false,
  survivesCancellation: false,
  policyBases: [],
  legalBases: [],
};

function contactKinds(policy: Policy, channel: Channel | undefined): readonly ContactKind[] {
  if (channel === 'ads') {
    return policy.ad_matching
      ? (Object.keys(policy.ad_matching.items) as ContactKind[])
      : MATCHED_KINDS;
  }
  const kind = channel && CHANNEL_CONTACT[channel];
  return kind ? [kind] : [];
}

function recipientNames(policy: Policy, id: string | undefined): readonly string[] {
  const recipient = policy.ad_matching?.recipients.find((one) => one.id === id);
  return recipient ? [recipient.id, ...recipient.groups] : [];
}

function basis(
  policy: Policy,
  legal: LegalPack,
  purpose: AskedPurpose,
  channel: Channel | undefined,
): Pick<Terms, 'basis' | 'floorArticle'> {
  if (channel === 'ads') return { basis: 'consent' };
  if (purpose.individually_accepted) return { basis: 'consent' };
  if (purpose.kind !== 'marketing') return { basis: 'none' };
  if (basisStated(policy, channel) !== 'opt_out') return { basis: 'consent' };
  const floor = legal.opt_in_channels.find((one) => one.channel === channel);
  return floor ? { basis: 'consent', floorArticle: floor.article } : { basis: 'clause' };
}

function survives(policy: Policy, purpose: AskedPurpose): boolean {
  if (purpose.kind === 'duty') return true;
  return policy.after_cancellation
    ? policy.after_cancellation.includes(purpose.id)
    : purpose.needed_after_cancellation === true;
}
