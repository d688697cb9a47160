import { CHANNELS, type Channel } from '@kyoka/kernel';
import type { LegalPack } from './legal-pack-schema.js';
import {
  type Grant,
  leavesChannelsOpen,
  namedChannels,
  type Policy,
  type Purpose,
} from './policy-schema.js';

/**
 * On what a purpose may use a channel: `opt_in` recorded consent, `clause` the text until the person
 * stops it, `free` no advertising, so any channel the person gave, `own_consent` a consent that names
 * the channel since the text names none, `recipient` a consent that names the ad network, `none` not.
 */
export type UseBasis = 'opt_in' | 'clause' | 'free' | 'own_consent' | 'recipient' | 'none';

export interface PurposeUse {
  readonly purpose: Purpose;
  readonly grant: Grant;
  readonly on: Readonly<Record<Channel, UseBasis>>;
}

/** What may be done with people of a category, in the order of the policy's purposes, the law's floor applied. */
export const usesOf = (policy: Policy, legal: LegalPack, category: string): PurposeUse[] =>
  policy.purposes.flatMap((purpose) => {
    const grant = policy.grants.find(
      (one) => one.purpose === purpose.id && one.category.includes(category),
    );
    if (grant === undefined) return [];
    const on = CHANNELS.map((channel) => [
      channel,
      basisOf(policy, legal, { purpose, grant, channel }),
    ]);
    return [{ purpose, grant, on: Object.fromEntries(on) as PurposeUse['on'] }];
  });

function basisOf(
  policy: Policy,
  legal: LegalPack,
  { purpose, grant, channel }: { purpose: Purpose; grant: Grant; channel: Channel },
): UseBasis {
  const named = namedChannels(grant).includes(channel);
  const byConsent =
    !named && leavesChannelsOpen(grant) && channel !== 'ads' && purpose.kind !== 'analytics';
  if (!named && !byConsent) return 'none';
  if (channel === 'ads') return policy.ad_matching ? 'recipient' : 'none';
  if (purpose.individually_accepted) return 'own_consent';
  if (purpose.kind !== 'marketing') return 'free';
  const stated = policy.channel_defaults[channel] ?? 'off';
  if (stated === 'off') return 'none';
  if (byConsent) return 'own_consent';
  const floor = legal.opt_in_channels.some((one) => one.channel === channel);
  return stated === 'opt_in' || floor ? 'opt_in' : 'clause';
}
