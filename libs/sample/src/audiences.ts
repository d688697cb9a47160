import { DAY, tokyoDay, type Instant } from '@kyoka/kernel';
import type { AudienceRequest } from '@kyoka/contracts';
import { POLICY } from './policy.js';

/** The two audiences of the sample company, from today for 90 days, for the user that is handed in. */
export function sampleAudiences(now: Instant, user: string): AudienceRequest[] {
  const use = { from: tokyoDay(now), to: tokyoDay(now + 90 * DAY), users: [user] };
  return [
    {
      name: 'スキンケア リピーター（180日以内に2回以上）',
      recipient: 'google',
      purpose: 'ad_matching',
      policy: POLICY,
      segment: { orders: { category: 'skin_care', within: 'P180D', count: { min: 2 } } },
      use,
    },
    {
      name: '休眠のお客様（90日以上ご注文なし）',
      recipient: 'meta',
      purpose: 'ad_matching',
      policy: POLICY,
      segment: { orders: { last: { before: 'P90D' } } },
      use,
    },
  ];
}
