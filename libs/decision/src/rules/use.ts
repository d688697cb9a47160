import { ADS, all, any, ASKED, BY_CONSENT, not, rule, type Rule } from './rule.js';

/** The use itself, and the floor that the law sets under all of it. */
export const USE: readonly Rule[] = [
  rule('period_missing', [not('periodGiven'), '{policy}#/use_limits', 'the use has no period']),
  rule(
    'outside_period',
    [
      all('momentGiven', 'periodGiven', not('insidePeriod')),
      '{policy}#/use_limits',
      'the moment is outside the period of the use',
    ],
    [
      all('periodGiven', 'periodTooLong'),
      '{policy}#/use_limits/max_days',
      'the period of the use is longer than the policy lets it be',
    ],
  ),
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
