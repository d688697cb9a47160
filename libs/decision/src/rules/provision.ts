import {
  ADS,
  all,
  any,
  ASKED,
  BY_CONSENT,
  BY_PROVISION_CONSENT,
  CONTACT,
  not,
  REGISTERED,
  rule,
  type Rule,
} from './rule.js';

/** Data that goes to somebody else: ads, processors, other recipients. */
export const PROVISION: readonly Rule[] = [
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
  rule(
    'provision_consent_missing',
    [
      all(BY_CONSENT, 'ads', 'adsAllowed', not('granted'), not('grantUnproven'), not('withdrawn')),
      '{legal}#/ad_matching',
      'the person has not consented to ad matching at this recipient',
    ],
    [
      all(ASKED, 'consentsGiven', BY_PROVISION_CONSENT, not('provisionGranted')),
      '{legal}#/provision',
      'the person has not consented to provision to this recipient',
    ],
  ),
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
    [
      all(REGISTERED, 'purposeKnown', not('thirdPartyPurpose')),
      '{policy}#/third_party/purposes',
      'the policy does not provide third parties with data for the purpose',
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
    [
      all(REGISTERED, not('ads'), 'itemsKnown', not('providedItemsAllowed')),
      '{policy}#/third_party',
      'the recipient is to get more than the policy provides on this basis',
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
];
