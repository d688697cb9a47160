import type { Expression } from './expression.js';
import type { PersonAtom } from './person-atoms.js';
import type { ReasonCode } from './reason-codes.js';
import type { RequestAtom } from './request-atoms.js';

export type AtomName = RequestAtom | PersonAtom;

type When = Expression<AtomName>;

export interface Ground {
  readonly when: When;
  /** What says so, with `{places}` filled in from the terms: policy file, source contract or legal pack. */
  readonly rule: string;
  readonly detail: string;
}

/** One reason and every ground on which it applies. */
export interface Rule {
  readonly code: ReasonCode;
  readonly grounds: readonly Ground[];
}

const all = (...parts: When[]): When => ({ all: parts });
const any = (...parts: When[]): When => ({ any: parts });
const not = (part: When): When => ({ not: part });

const rule = (code: ReasonCode, ...grounds: [When, string, string][]): Rule => ({
  code,
  grounds: grounds.map(([when, place, detail]) => ({ when, rule: place, detail })),
});

/** The purpose, so the policy too, and the person are known: what a person's facts are read against. */
const ASKED: When = all('subjectKnown', 'purposeKnown');
const CONSENT_NEEDED: When = any('consentAsked', 'channelByConsent');
const BY_CONSENT: When = all(ASKED, 'channelKnown', CONSENT_NEEDED, 'consentsGiven');
const ADS: When = all('ads', 'policyKnown');
const CONTACT: When = all('contactNeeded', 'subjectKnown', 'contactGiven');
/** No source allows the use by itself, so each source's own ground counts. */
const BY_SOURCE: When = all(ASKED, 'channelKnown', not('duty'), not('sourceAllows'));
const REGISTERED: When = all('policyKnown', 'recipientInvolved');

const ABSENT = 'a fact that this use needs is not known:';

/**
 * The one table of refusals: a use is allowed where no ground applies. Nothing decides outside it.
 * In the order of the closed list; `not_permitted` is given by the HTTP edge alone.
 */
export const RULES: readonly Rule[] = [
  rule(
    'unknown_policy',
    [not('policyKnown'), 'policies', 'no such policy version is in force'],
    [
      all(ASKED, not('duty'), 'versionGiven', not('versionKnown')),
      '{policy}#/policy',
      'the data was acquired under a version that is not known',
    ],
  ),
  rule('unknown_subject', [not('subjectKnown'), '{policy}', 'the person is not known']),
  rule('unknown_purpose', [
    all('policyKnown', not('purposeKnown')),
    '{policy}#/purposes',
    'the policy has no such purpose',
  ]),
  rule('unknown_channel', [
    not('channelKnown'),
    '{policy}#/channel_defaults',
    'there is no such channel',
  ]),
  rule('unknown_source', [
    all(ASKED, not('duty'), any('acquisitionUnknown', all('sourceUnknown', not('sourceAllows')))),
    '{policy}#/sources',
    'the policy or the source contracts do not know the source',
  ]),
  rule('unknown_category', [
    all('policyKnown', 'categoryGiven', not('categoryKnown')),
    '{policy}#/categories',
    'the policy has no such category',
  ]),
  rule(
    'unknown_recipient',
    [
      all(ADS, 'adsAllowed', not('recipientNamed')),
      '{policy}#/ad_matching/recipients',
      'the policy names no such recipient',
    ],
    [
      all(REGISTERED, 'recipientMismatched'),
      '{policy}#/processors',
      'the register entry is of another recipient',
    ],
  ),
  rule(
    'facts_incomplete',
    [all(ASKED, not('categoryGiven')), '{policy}#/categories', `${ABSENT} category`],
    [
      all(ASKED, not('statusGiven'), not('survivesCancellation')),
      '{policy}#/after_cancellation',
      `${ABSENT} status`,
    ],
    [all(ASKED, not('suppressionsGiven')), '{legal}#/stops', `${ABSENT} suppressions`],
    [
      all(ASKED, any('optional', CONSENT_NEEDED), not('consentsGiven')),
      '{policy}#/channel_defaults',
      `${ABSENT} consents`,
    ],
    [
      all(CONTACT, 'purposeKnown', not('contactClassGiven')),
      '{purpose}',
      `${ABSENT} class of the contact point`,
    ],
    [
      all(CONTACT, 'purposeKnown', not('duty'), not('sourcesGiven')),
      '{policy}#/sources',
      `${ABSENT} sources of the contact point`,
    ],
    [
      all(
        ASKED,
        'channelKnown',
        not('contactNeeded'),
        not('duty'),
        'sourceMatters',
        not('sourcesGiven'),
      ),
      '{policy}#/sources',
      `${ABSENT} acquired.source`,
    ],
    [all(BY_SOURCE, 'sourceTimeUnknown'), '{source}', `${ABSENT} acquired.at`],
    [
      all('purposeGranted', not('duty'), 'versionMatters', not('versionGiven')),
      '{policy}#/policy',
      `${ABSENT} acquired.policyVersion`,
    ],
    [
      all(ASKED, 'retentionLimited', not('duty'), not('acquiredAtGiven')),
      '{policy}#/retention',
      `${ABSENT} acquired.at`,
    ],
    [
      all(ADS, 'subjectKnown', 'adsAllowed', not('switchGiven')),
      '{policy}#/ad_matching',
      `${ABSENT} adsSwitch`,
    ],
    [
      all('purposeKnown', 'ownerNeeded', not('ownerGiven')),
      '{purpose}/owner',
      `${ABSENT} contentOwner`,
    ],
  ),
  rule(
    'category_not_granted',
    [
      all('purposeKnown', 'categoryKnown', not('purposeGranted')),
      '{policy}#/grants',
      'the category does not have the purpose',
    ],
    [
      all('purposeGranted', not('duty'), 'versionKnown', not('versionGranted')),
      '{policy}#/grants',
      'the category did not have the purpose when the data was acquired',
    ],
  ),
  rule('channel_not_named', [
    all('purposeKnown', 'channelAsked', 'purposeGranted', not('channelNamed')),
    '{channels}',
    'the purpose does not name the channel',
  ]),
  rule('content_owner_not_allowed', [
    all('purposeKnown', 'ownerGiven', not('ownerAllowed')),
    '{purpose}/owner',
    'the purpose does not carry offers of this owner',
  ]),
  rule('status_cancelled', [
    all(ASKED, 'cancelled', not('survivesCancellation')),
    '{policy}#/after_cancellation',
    'the purpose does not go on after a cancellation',
  ]),
  rule('linking_not_allowed', [
    all('policyKnown', 'subjectKnown', 'linkingAsked', not('linkable')),
    '{policy}#/cookie_linking',
    'cookies and logs may not be linked to people of the category',
  ]),
  rule('source_contract_forbids', [
    all(BY_SOURCE, 'sourceForbids'),
    '{forbids}',
    'the terms of the source do not permit the use',
  ]),
  rule('source_retention_over', [
    all(BY_SOURCE, 'sourceOver'),
    '{over}',
    'the source lets the data be used for a time that is over',
  ]),
  rule('notice_missing', [
    all(BY_SOURCE, 'noticeMissing'),
    '{policy}#/consent_at_acquisition',
    'the notice was not shown before the data was given',
  ]),
  rule('contact_relay', [
    all(CONTACT, 'contactRelay', any('ads', 'optional')),
    '{purpose}',
    "a mall's masked address carries the mall's own transaction only",
  ]),
  rule(
    'contact_unusable',
    [all(CONTACT, 'contactInvalid'), '{purpose}', 'the contact point can not be used'],
    [
      all(CONTACT, 'ads', 'contactUnmatchable'),
      '{policy}#/ad_matching/items',
      'an alias or a role address is never matched',
    ],
  ),
  rule('contact_unconfirmed', [
    all(CONTACT, 'confirmationNeeded', not('contactConfirmed')),
    '{policy}#/confirmed_contact',
    'the person has not confirmed the contact point',
  ]),
  rule('contact_missing', [
    all('contactNeeded', 'subjectKnown', not('contactGiven')),
    '{purpose}',
    'there is no contact point for the channel',
  ]),
  rule('consent_missing', [
    all(BY_CONSENT, not('ads'), not('granted'), not('grantUnproven'), not('withdrawn')),
    '{basis}',
    'the person has not consented to the purpose on this channel',
  ]),
  rule(
    'consent_withdrawn',
    [all(ASKED, 'withdrawn'), '{basis}', 'the person withdrew'],
    [
      all(ASKED, 'stoppedByWithdrawal'),
      '{basis}',
      'somebody who shares the contact point withdrew',
    ],
  ),
  rule('consent_without_evidence', [
    all(BY_CONSENT, not('granted'), 'grantUnproven', not('withdrawn')),
    '{basis}',
    'no consent has evidence of an act of the person or a guardian',
  ]),
  rule('consent_expired', [
    all(BY_CONSENT, 'grantExpired', not('withdrawn')),
    '{policy}#/consents',
    'the consent is older than the policy lets it live',
  ]),
  rule('suppressed_objection', [
    all(ASKED, 'stoppedByObjection'),
    '{legal}#/stops',
    'the person objected',
  ]),
  rule('suppressed_suspension', [
    all(ASKED, 'stoppedBySuspension'),
    '{legal}#/stops',
    'the person suspended the use',
  ]),
  rule('suppressed_complaint', [
    all(ASKED, 'stoppedByComplaint'),
    '{legal}#/stops',
    'the person complained',
  ]),
  rule('suppressed_bounce', [
    all(ASKED, 'stoppedByBounce'),
    '{legal}#/stops',
    'the contact point bounced for good',
  ]),
  rule('suppressed_unfollowed', [
    all(ASKED, 'stoppedByUnfollow'),
    '{legal}#/stops',
    'the person unfollowed the account',
  ]),
  rule('suppressed_returned', [
    all(ASKED, 'stoppedByReturn'),
    '{legal}#/stops',
    'post to the person came back',
  ]),
  rule('suppressed_erasure', [
    all(ASKED, 'stoppedByErasure'),
    '{legal}#/stops',
    'the person asked for erasure',
  ]),
  rule('frozen', [all(ASKED, 'stoppedByFreeze'), '{legal}#/stops', 'the use is frozen']),
  rule('ads_not_allowed', [
    all(ADS, not('adsAllowed')),
    '{policy}#/ad_matching',
    'the policy has no ad matching',
  ]),
  rule(
    'ads_switch_off',
    [
      all(ADS, 'subjectKnown', 'switchOff'),
      '{policy}#/ad_matching',
      'the person switched behavioural ads off',
    ],
    [
      all(ADS, 'subjectKnown', 'switchNeverSet'),
      '{policy}#/ad_matching',
      'the person never switched behavioural ads on',
    ],
  ),
  rule('provision_consent_missing', [
    all(BY_CONSENT, 'ads', 'adsAllowed', not('granted'), not('grantUnproven'), not('withdrawn')),
    '{legal}#/ad_matching',
    'the person has not consented to ad matching at this recipient',
  ]),
  rule(
    'provision_not_allowed',
    [
      all(REGISTERED, 'basisKnown', not('basisJointUse'), not('basisInPolicy')),
      '{policy}#/ad_matching/bases',
      'the policy does not provide on this basis',
    ],
    [
      all(REGISTERED, not('kindAllowed')),
      '{policy}#/third_party/kinds',
      'the policy does not provide to this kind of recipient',
    ],
  ),
  rule(
    'item_not_allowed',
    [
      all(ADS, 'adsAllowed', 'itemsKnown', not('itemsAllowed')),
      '{policy}#/ad_matching/items',
      'the recipient is to get more than the policy allows',
    ],
    [
      all(ADS, 'adsAllowed', CONTACT, 'itemsKnown', not('contactItemListed')),
      '{policy}#/ad_matching/items',
      'the recipient does not get this kind of contact point',
    ],
  ),
  rule('joint_use_not_allowed', [
    all(REGISTERED, 'basisJointUse', not('jointUseStated')),
    '{policy}#/joint_use',
    'the policy states no joint use with this recipient',
  ]),
  rule('filing_missing', [
    all(REGISTERED, 'basisFiled', not('filingMade')),
    '{policy}#/third_party/filing',
    'opt-out provision has no filing that has begun',
  ]),
  rule('recipient_incomplete', [
    all(REGISTERED, any(not('ads'), 'recipientNamed'), not('recipientComplete')),
    '{policy}#/processors',
    'the register entry of the recipient lacks what the policy asks for',
  ]),
  rule('recipient_review_overdue', [
    all(REGISTERED, 'reviewKnown', not('reviewCurrent')),
    '{policy}#/processors/review_months',
    'the review of the recipient is overdue',
  ]),
  rule('recipient_disabled', [
    all(REGISTERED, 'recipientDisabled'),
    '{policy}#/processors',
    'the recipient is switched off',
  ]),
  rule('foreign_transfer_unmet', [
    all(REGISTERED, 'countryKnown', not('foreignTransferMet')),
    '{legal}#/foreign_transfer',
    'the recipient is abroad and the transfer has no basis',
  ]),
  rule('lookalike_not_allowed', [
    all('policyKnown', 'lookalikeAsked', not('lookalikeAllowed')),
    '{policy}#/ad_matching/lookalike',
    'no similar people may be derived from the list',
  ]),
  rule('period_missing', [not('periodGiven'), '{policy}#/use_limits', 'the use has no period']),
  rule('outside_period', [
    all('periodGiven', not('insidePeriod')),
    '{policy}#/use_limits',
    'the moment is outside the period of the use',
  ]),
  rule('actor_not_named', [
    not('actorNamed'),
    '{policy}#/use_limits',
    'the acting user is not named for the use',
  ]),
  rule('retention_over', [
    all(ASKED, 'retentionOver', not('duty')),
    '{policy}#/retention',
    'the data is older than the policy lets it be used',
  ]),
  rule(
    'legal_floor',
    [
      all(BY_CONSENT, 'floorRaised', any(not('granted'), 'withdrawn', 'grantExpired')),
      '{legal}#/opt_in_channels ({floor})',
      'the law asks for recorded consent on this channel',
    ],
    [
      all(ADS, 'basisInPolicy', not('basisInLaw')),
      '{legal}#/ad_matching ({adArticle})',
      'the law does not let data be provided on this basis for ads',
    ],
  ),
];
