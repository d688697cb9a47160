import type { StopKind } from '@kyoka/kernel';
import type { PersonFacts } from './facts.js';
import { type SourceStanding, sourceStandingOf } from './source-standing.js';
import { type Standing, standingOf } from './standing.js';
import type { Terms } from './terms.js';

/** One person as a question sees them. Without facts nothing is known of the person. */
export interface Person {
  readonly facts?: PersonFacts;
  readonly standing: Standing;
  readonly source: SourceStanding;
}

export const personOf = (terms: Terms, facts: PersonFacts | undefined): Person => ({
  ...(facts ? { facts } : {}),
  standing: standingOf(terms, facts ?? {}),
  source: sourceStandingOf(terms, facts ?? {}),
});

type PersonAtomRow = {
  readonly doc: string;
  readonly of: (terms: Terms, person: Person) => boolean;
};

const stopped = (kind: StopKind, doc: string): PersonAtomRow => ({
  doc,
  of: (_, { standing }) => standing.stops.has(kind),
});

const contactOf = (terms: Terms, { facts }: Person) => {
  const point = facts?.contactPoint;
  return point && terms.contactKinds.includes(point.kind) ? point : undefined;
};

/** Atoms that depend on the person's facts, compared with the terms of the question. */
export const PERSON_ATOMS = {
  subjectKnown: { doc: 'The person is known.', of: (_, { facts }) => facts !== undefined },
  categoryGiven: {
    doc: 'The category is known.',
    of: (_, { facts }) => facts?.category !== undefined,
  },
  categoryKnown: {
    doc: 'The category is one of the policy.',
    of: ({ categories }, { facts }) => categories.has(facts?.category ?? ''),
  },
  purposeGranted: {
    doc: 'The category has the purpose.',
    of: ({ granted }, { facts }) => granted.has(facts?.category ?? ''),
  },
  channelNamed: {
    doc: 'For the category the purpose may use the channel.',
    of: ({ naming }, { facts }) => naming.has(facts?.category ?? ''),
  },
  channelByConsent: {
    doc: 'For the category the purpose names no channel, so the own consent has to.',
    of: ({ byConsent }, { facts }) => byConsent.has(facts?.category ?? ''),
  },
  versionGiven: {
    doc: 'It is known under which policy version the data was acquired.',
    of: (_, { facts }) => facts?.acquired?.policyVersion !== undefined,
  },
  versionKnown: {
    doc: 'That version is one of the same policy.',
    of: ({ versions }, { facts }) => versions.has(facts?.acquired?.policyVersion ?? ''),
  },
  versionGranted: {
    doc: 'The category had the purpose in that version already, or it is declared as related.',
    of: ({ versions }, { facts }) =>
      versions.get(facts?.acquired?.policyVersion ?? '')?.has(facts?.category ?? '') === true,
  },
  versionConsented: {
    doc: 'The person consented to the purpose itself under a version that has it.',
    of: ({ versions }, { facts, standing }) =>
      [...standing.renewals.keys()].some((version) =>
        versions.get(version)?.has(facts?.category ?? ''),
      ),
  },
  versionMatters: {
    doc: 'Some version of the policy does not give the category the purpose, so it matters which one applied.',
    of: ({ versions }, { facts }) =>
      [...versions.values()].some((granted) => !granted.has(facts?.category ?? '')),
  },
  linkable: {
    doc: 'Cookies and access logs may be linked to people of the category.',
    of: ({ linkable }, { facts }) => linkable.has(facts?.category ?? ''),
  },
  statusGiven: { doc: 'The status is known.', of: (_, { facts }) => facts?.status !== undefined },
  cancelled: {
    doc: 'The person cancelled.',
    of: (_, { facts }) => facts?.status === 'cancelled',
  },
  contactGiven: {
    doc: 'There is a contact point of a kind that carries the channel.',
    of: (terms, person) => contactOf(terms, person) !== undefined,
  },
  contactClassGiven: {
    doc: 'The class of the contact point is known.',
    of: (terms, person) => contactOf(terms, person)?.class !== undefined,
  },
  contactRelay: {
    doc: "The contact point is a mall's masked address.",
    of: (terms, person) => contactOf(terms, person)?.class === 'relay',
  },
  contactInvalid: {
    doc: 'The contact point can not be used at all.',
    of: (terms, person) => contactOf(terms, person)?.class === 'invalid',
  },
  contactUnmatchable: {
    doc: 'The contact point is an alias or belongs to a role: it may be written to, never matched.',
    of: (terms, person) => ['alias', 'role'].includes(contactOf(terms, person)?.class ?? ''),
  },
  contactConfirmed: {
    doc: 'The person has shown by then that the contact point is theirs.',
    of: (terms, person) => (contactOf(terms, person)?.confirmedAt ?? Infinity) <= terms.at,
  },
  contactItemListed: {
    doc: 'What would be provided of the contact point is in the list of the recipient.',
    of: (terms, person) => {
      const kind = contactOf(terms, person)?.kind;
      const item = kind && terms.policy?.ad_matching?.items[kind];
      return item !== undefined && (terms.question.recipient?.items ?? []).includes(item);
    },
  },
  sourcesGiven: {
    doc: 'It is known which sources supplied the contact point; without a contact point, which source the person came from.',
    of: (terms, { facts }) =>
      terms.contactKinds.length > 0
        ? facts?.contactPoint?.sources !== undefined
        : facts?.acquired?.source !== undefined,
  },
  sourceMatters: {
    doc: 'Some source that people of the category come from does not plainly permit the use.',
    of: ({ sourceMatters }, { facts }) => sourceMatters.has(facts?.category ?? ''),
  },
  sourceAllows: {
    doc: 'At least one source of the contact point (or of the person) allows the use by itself.',
    of: (_, { source }) => source.allows !== undefined,
  },
  sourceUnknown: {
    doc: 'A source has no contract here, or the contact point has no source.',
    of: (terms, { facts, source }) =>
      source.unknown ||
      (terms.contactKinds.length > 0 && facts?.contactPoint?.sources?.length === 0),
  },
  acquisitionUnknown: {
    doc: 'The source through which the data came in has no contract here.',
    of: ({ sources }, { facts }) =>
      facts?.acquired?.source !== undefined && !sources.has(facts.acquired.source),
  },
  sourceForbids: {
    doc: 'The contract of a source does not permit the use.',
    of: (_, { source }) => source.forbids !== undefined,
  },
  sourceOver: {
    doc: 'A source permits the use for a time that is over.',
    of: (_, { source }) => source.over !== undefined,
  },
  sourceTimeUnknown: {
    doc: 'A source permits the use for a time, and it is not known when the data came in.',
    of: (_, { source }) => source.timeUnknown,
  },
  noticeMissing: {
    doc: 'A source permits the use only of what was given after the notice was shown, and it was not.',
    of: (_, { source }) => source.noticeMissing !== undefined,
  },
  acquiredAtGiven: {
    doc: 'It is known when the data was acquired.',
    of: (_, { facts }) => facts?.acquired?.at !== undefined,
  },
  retentionOver: {
    doc: 'The data was acquired longer ago than the policy lets it be used.',
    of: ({ acquiredNotBefore, acquiredNotBeforeOf: own }, { facts }) => {
      const source = facts?.acquired?.source ?? '';
      const bound = own.has(source) ? own.get(source) : acquiredNotBefore;
      return (facts?.acquired?.at ?? Infinity) < (bound ?? -Infinity);
    },
  },
  consentsGiven: {
    doc: 'The consents are known.',
    of: (_, { facts }) => facts?.consents !== undefined,
  },
  granted: {
    doc: 'A grant of the cell has evidence and was made by the person or a guardian.',
    of: (_, { standing }) => standing.grant !== undefined,
  },
  grantUnproven: {
    doc: 'A grant of the cell has no evidence, or was made by an import or an operator.',
    of: (_, { standing }) => standing.unproven,
  },
  grantExpired: {
    doc: 'The latest proven grant is older than the policy lets consents live.',
    of: ({ consentNotBefore = -Infinity }, { standing }) =>
      standing.grant !== undefined && standing.grant.at < consentNotBefore,
  },
  provisionGranted: {
    doc: 'The latest act of the person on provision to the recipient is a proven grant.',
    of: (_, { standing }) => standing.provision !== undefined,
  },
  withdrawn: {
    doc: 'A withdrawal reaches the cell, and no later proven grant of the cell ended it.',
    of: (_, { standing }) => standing.withdrawal !== undefined,
  },
  suppressionsGiven: {
    doc: 'The stops are known.',
    of: (_, { facts }) => facts?.suppressions !== undefined,
  },
  stoppedByWithdrawal: stopped(
    'withdrawal',
    'A withdrawal of somebody who shares the contact point.',
  ),
  stoppedByObjection: stopped('objection', 'An objection reaches the use.'),
  stoppedBySuspension: stopped('suspension', 'A suspension of use reaches the use.'),
  stoppedByComplaint: stopped('complaint', 'A complaint reaches the use.'),
  stoppedByBounce: stopped('hard_bounce', 'The contact point bounced for good.'),
  stoppedByUnfollow: stopped('unfollowed', 'The person unfollowed the account.'),
  stoppedByReturn: stopped('returned_post', 'Post came back.'),
  stoppedByErasure: stopped('erasure', 'The person is erased or is to be.'),
  stoppedByFreeze: stopped('freeze', 'The operator froze the use.'),
  switchGiven: {
    doc: 'It is known how the switch of behavioural ads stands.',
    of: (_, { facts }) => facts?.adsSwitch !== undefined,
  },
  switchOff: {
    doc: 'The person switched behavioural ads off.',
    of: (_, { facts }) => facts?.adsSwitch === 'off',
  },
  switchNeverSet: {
    doc: 'The person never touched the switch of behavioural ads.',
    of: (_, { facts }) => facts?.adsSwitch === 'never_set',
  },
} as const satisfies Readonly<Record<string, PersonAtomRow>>;

export type PersonAtom = keyof typeof PERSON_ATOMS;
