import { DAY, tokyoDayBounds } from '@kyoka/kernel';
import { filingComplete } from '@kyoka/policy';
import type { RecipientFacts } from './facts.js';
import { isThirdParty, jointUseWith, listed, providedItems } from './recipients.js';
import type { Terms } from './terms.js';

/**
 * Atoms that depend only on the policy set, the question, its recipient and its use: constant for a
 * run over any number of people.
 */
export const REQUEST_ATOMS = {
  momentGiven: {
    doc: 'It is known for which moment the question is asked.',
    of: ({ at }) => !Number.isNaN(at),
  },
  policyKnown: {
    doc: 'The policy version exists, is in force at that moment, and its legal pack exists.',
    of: ({ policy }) => policy !== undefined,
  },
  purposeKnown: {
    doc: 'The purpose is one of the policy, or a duty of the law.',
    of: ({ purpose }) => purpose !== undefined,
  },
  channelKnown: {
    doc: 'The channel is known, or none is named for a purpose that reaches nobody.',
    of: ({ channel, purpose, question }) =>
      channel !== undefined ||
      (question.request.channel === undefined && purpose?.kind === 'analytics'),
  },
  channelAsked: {
    doc: 'The use has a channel.',
    of: ({ channel }) => channel !== undefined,
  },
  duty: {
    doc: 'The purpose is owed to the person whatever they switched off.',
    of: ({ purpose }) => purpose?.kind === 'duty',
  },
  optional: {
    doc: 'The person may refuse the purpose and still get what they asked for (marketing, analytics).',
    of: ({ optional }) => optional,
  },
  ads: { doc: 'The channel is an ad network.', of: ({ channel }) => channel === 'ads' },
  contactNeeded: {
    doc: 'The channel is carried by a contact point.',
    of: ({ contactKinds }) => contactKinds.length > 0,
  },
  consentAsked: {
    doc: 'On this channel the policy or the law asks for recorded consent.',
    of: ({ basis }) => basis === 'consent',
  },
  floorRaised: {
    doc: 'The law asks for consent where the policy would do without.',
    of: ({ floorArticle }) => floorArticle !== undefined,
  },
  confirmationNeeded: {
    doc: 'The policy asks for a confirmed contact point on this channel.',
    of: ({ confirmationNeeded }) => confirmationNeeded,
  },
  survivesCancellation: {
    doc: 'The purpose goes on after the person cancelled.',
    of: ({ survivesCancellation }) => survivesCancellation,
  },
  retentionLimited: {
    doc: 'The policy limits how long data may be used after it was acquired.',
    of: ({ acquiredNotBefore, acquiredNotBeforeOf }) =>
      acquiredNotBefore !== undefined || acquiredNotBeforeOf.size > 0,
  },
  ownerNeeded: {
    doc: 'The purpose says whose offers it may carry, so the use has to say whose it carries.',
    of: ({ purpose }) => purpose?.kind === 'marketing' && purpose.owner !== undefined,
  },
  ownerGiven: {
    doc: 'The use says whose offer it carries.',
    of: ({ question }) => question.request.contentOwner !== undefined,
  },
  ownerAllowed: {
    doc: 'The purpose may carry offers of this owner; without a list of owners, own ones only.',
    of: ({ purpose, question }) =>
      (purpose?.owner ?? ['own']).includes(question.request.contentOwner ?? 'own'),
  },
  linkingAsked: {
    doc: 'The use links cookies or access logs to the person.',
    of: ({ question }) => question.request.linking === true,
  },
  lookalikeAsked: {
    doc: 'The use derives similar people from the list.',
    of: ({ question }) => question.request.lookalike === true,
  },
  lookalikeAllowed: {
    doc: 'The policy lets similar people be derived from a hashed list.',
    of: ({ policy }) => policy?.ad_matching?.lookalike === true,
  },
  adsAllowed: {
    doc: 'The policy has ad matching.',
    of: ({ policy }) => policy?.ad_matching !== undefined,
  },
  recipientInvolved: {
    doc: 'Data goes to a recipient: always for ads, else where the request names one.',
    of: ({ channel, question }) => channel === 'ads' || question.request.recipient !== undefined,
  },
  recipientNamed: {
    doc: 'For ads: the recipient is one of the policy.',
    of: ({ recipientNames }) => recipientNames.length > 0,
  },
  recipientMismatched: {
    doc: 'The register entry handed in belongs to another recipient than the one asked for.',
    of: ({ question: { recipient, request } }) =>
      recipient !== undefined && recipient.id !== request.recipient,
  },
  recipientComplete: {
    doc: 'The entry has contract, review, kind, basis, country and switch; for ads use limit and items too, items where the policy lists them.',
    of: ({ question, channel, policy }) =>
      complete(question.recipient, channel === 'ads') &&
      (!listed(policy, question.recipient) || question.recipient?.items !== undefined),
  },
  reviewKnown: {
    doc: 'The entry says when the recipient was reviewed.',
    of: ({ question }) => question.recipient?.reviewedAt !== undefined,
  },
  reviewCurrent: {
    doc: 'The review lies within the term of the policy or of the law, whichever is shorter.',
    of: ({ question, at, reviewNotBefore = -Infinity }) => {
      const reviewed = question.recipient?.reviewedAt ?? -Infinity;
      return reviewed >= reviewNotBefore && reviewed <= at;
    },
  },
  recipientDisabled: {
    doc: 'The recipient is switched off.',
    of: ({ question }) => question.recipient?.enabled === false,
  },
  basisKnown: {
    doc: 'The entry says on what basis the recipient holds data.',
    of: ({ question }) => question.recipient?.basis !== undefined,
  },
  basisJointUse: {
    doc: 'The basis is joint use.',
    of: ({ question }) => question.recipient?.basis === 'joint_use',
  },
  basisFiled: {
    doc: 'The basis is opt-out provision that was filed.',
    of: ({ question }) => question.recipient?.basis === 'opt_out_filed',
  },
  byProvisionConsent: {
    doc: 'Outside ads the recipient is a third party that holds data by consent of the person.',
    of: ({ channel, question }) => channel !== 'ads' && question.recipient?.basis === 'consent',
  },
  thirdPartyPurpose: {
    doc: 'The policy provides third parties with data for the purpose.',
    of: ({ question, policy, purpose }) => {
      const purposes = policy?.third_party.purposes;
      return !purposes || !isThirdParty(question.recipient) || purposes.includes(purpose?.id ?? '');
    },
  },
  basisInPolicy: {
    doc: 'The policy provides on this basis.',
    of: ({ question, policyBases }) =>
      question.recipient?.basis !== undefined && policyBases.includes(question.recipient.basis),
  },
  basisInLaw: {
    doc: 'The law lets data be provided on this basis for this use.',
    of: ({ question, legalBases }) =>
      question.recipient?.basis !== undefined && legalBases.includes(question.recipient.basis),
  },
  kindAllowed: {
    doc: 'The policy does not limit third parties by kind, or allows this kind.',
    of: ({ question, policy }) => {
      const kinds = policy?.third_party.kinds;
      const { kind, basis } = question.recipient ?? {};
      return !kinds || basis === 'processor' || kind === undefined || kinds.includes(kind);
    },
  },
  jointUseStated: {
    doc: 'The policy states joint use with this recipient, with all that the law asks to be stated.',
    of: ({ question, policy }) => jointUseWith(policy, question.recipient?.id) !== undefined,
  },
  filingMade: {
    doc: 'The entry names the filing of the policy, which has all items, and its start has come.',
    of: ({ question, policy, at }) => {
      const filing = policy?.third_party.filing;
      const start = filing ? (tokyoDayBounds(filing.start)?.first ?? Infinity) : Infinity;
      return (
        filingComplete(filing ?? null) &&
        filing?.number === question.recipient?.filing &&
        at >= start
      );
    },
  },
  itemsKnown: {
    doc: 'The entry lists what the recipient may get.',
    of: ({ question }) => question.recipient?.items !== undefined,
  },
  itemsAllowed: {
    doc: 'Everything in that list is among the items of the policy.',
    of: ({ question, policy }) => {
      const allowed: readonly string[] = Object.values(policy?.ad_matching?.items ?? {});
      return (question.recipient?.items ?? []).every((item) => allowed.includes(item));
    },
  },
  providedItemsAllowed: {
    doc: 'Outside ads: everything in that list is among what the policy provides on this basis.',
    of: ({ question: { recipient }, policy }) => {
      const allowed = providedItems(policy, recipient);
      return (recipient?.items ?? []).every((item) => allowed?.includes(item) ?? true);
    },
  },
  countryKnown: {
    doc: 'The entry names the country of the legal person that receives.',
    of: ({ question }) => question.recipient?.country !== undefined,
  },
  foreignTransferMet: {
    doc: 'The country is this one or exempt, or the transfer has a basis that the law knows.',
    of: ({ question, legal }) => {
      const { country = '', foreignBasis = '' } = question.recipient ?? {};
      const { home, exempt = [], bases = [] } = legal?.foreign_transfer ?? {};
      return country === home || exempt.includes(country) || bases.includes(foreignBasis);
    },
  },
  periodGiven: {
    doc: 'The use has a first and a last day.',
    of: ({ question: { request } }) =>
      request.use?.from !== undefined && request.use.to !== undefined,
  },
  periodTooLong: {
    doc: 'The period has more days than the policy lets a use have.',
    of: ({ question: { request }, policy }) => {
      const first = tokyoDayBounds(request.use?.from ?? '')?.first ?? 0;
      const last = tokyoDayBounds(request.use?.to ?? '')?.last ?? 0;
      return last - first >= (policy?.use_limits?.max_days ?? Infinity) * DAY;
    },
  },
  insidePeriod: {
    doc: 'The moment lies within these days in Asia/Tokyo, both included.',
    of: ({ question: { request }, at }) => {
      const first = tokyoDayBounds(request.use?.from ?? '')?.first ?? Infinity;
      const last = tokyoDayBounds(request.use?.to ?? '')?.last ?? -Infinity;
      return first <= at && at <= last;
    },
  },
  actorNamed: {
    doc: 'The acting user, or a role they hold, is one of the named users.',
    of: ({ question: { request } }) =>
      [request.actor, ...(request.roles ?? [])].some(
        (one) => one !== undefined && (request.use?.users ?? []).includes(one),
      ),
  },
} as const satisfies Readonly<
  Record<string, { readonly doc: string; readonly of: (terms: Terms) => boolean }>
>;

export type RequestAtom = keyof typeof REQUEST_ATOMS;

function complete(entry: RecipientFacts | undefined, ads: boolean): boolean {
  if (!entry) return false;
  const needed = [entry.contractRef, entry.kind, entry.basis, entry.country, entry.reviewedAt];
  const forAds = ads ? [entry.useLimitRef, entry.items] : [];
  return (
    [...needed, ...forAds].every((value) => value !== undefined && value !== '') &&
    entry.enabled !== undefined
  );
}
