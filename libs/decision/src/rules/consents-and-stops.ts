import { all, ASKED, BY_CONSENT, not, rule, type Rule } from './rule.js';

/** What the person, or an operator, said to it. */
export const CONSENTS_AND_STOPS: readonly Rule[] = [
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
];
