import {
  ADS,
  all,
  any,
  ASKED,
  BY_PROVISION_CONSENT,
  BY_SOURCE,
  CONSENT_NEEDED,
  CONTACT,
  not,
  REGISTERED,
  rule,
  type Rule,
} from './rule.js';

const ABSENT = 'a fact that this use needs is not known:';

/** What is not known: a name that nobody has, or a fact that the use needs. */
export const UNKNOWN: readonly Rule[] = [
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
    [not('momentGiven'), '{policy}', `${ABSENT} at`],
    [all(ASKED, not('categoryGiven')), '{policy}#/categories', `${ABSENT} category`],
    [
      all(ASKED, not('statusGiven'), not('survivesCancellation')),
      '{policy}#/after_cancellation',
      `${ABSENT} status`,
    ],
    [all(ASKED, not('suppressionsGiven')), '{legal}#/stops', `${ABSENT} suppressions`],
    [
      all(ASKED, any('optional', CONSENT_NEEDED, BY_PROVISION_CONSENT), not('consentsGiven')),
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
      all(
        'purposeGranted',
        not('duty'),
        'versionMatters',
        not('versionGiven'),
        not('versionConsented'),
      ),
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
];
