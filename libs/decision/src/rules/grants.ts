import { all, ASKED, not, rule, type Rule } from './rule.js';

/** What the policy gives the category of the person. */
export const GRANTS: readonly Rule[] = [
  rule(
    'category_not_granted',
    [
      all('purposeKnown', 'categoryKnown', not('purposeGranted')),
      '{policy}#/grants',
      'the category does not have the purpose',
    ],
    [
      all(
        'purposeGranted',
        not('duty'),
        'versionKnown',
        not('versionGranted'),
        not('versionConsented'),
      ),
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
];
