import { ANY, type Channel, CHANNELS } from '@kyoka/kernel';
import {
  type GrantedChannels,
  leavesChannelsOpen,
  namedChannels,
  type Policy,
  type Purpose,
} from '@kyoka/policy';

/** One thing that a person can switch: a purpose on a channel, for ads at one recipient. */
export interface Cell {
  readonly purpose: string;
  /** `*` for analytics, which reaches nobody and has no channel. */
  readonly channel: Channel | typeof ANY;
  readonly recipient?: string | undefined;
}

/** What is owed or was asked for; a person stops it by suspending every use. */
const isNeeded = ({ kind }: Purpose): boolean => kind === 'transaction' || kind === 'service';

const granted = (policy: Policy, category: string | null) =>
  policy.grants.filter((grant) => category !== null && grant.category.includes(category));

/** Channels of a grant that leaves them open: those on which the policy does marketing at all. */
const stated = (policy: Policy): Channel[] =>
  CHANNELS.filter((channel) => (policy.channel_defaults[channel] ?? 'off') !== 'off');

const channelsOf = (
  policy: Policy,
  purpose: Purpose,
  grant: GrantedChannels,
): readonly Cell['channel'][] => {
  if (purpose.kind === 'analytics') return [ANY];
  const named = namedChannels(grant);
  const open = leavesChannelsOpen(grant) ? stated(policy) : [];
  return [...named, ...open.filter((channel) => !named.includes(channel))];
};

/**
 * Everything that the policy lets the company do with people of the category and that they may
 * refuse: marketing per channel, analytics, and the matching per recipient for ads.
 */
export function refusableCells(policy: Policy, category: string | null): Cell[] {
  return granted(policy, category).flatMap((grant) => {
    const { purpose: id } = grant;
    const purpose = policy.purposes.find((one) => one.id === id);
    if (purpose === undefined || isNeeded(purpose)) return [];
    return channelsOf(policy, purpose, grant).flatMap((channel): Cell[] => {
      if (channel !== 'ads') return [{ purpose: id, channel }];
      // Every use on ads rests on the matching, so the person switches that.
      return policy.ad_matching?.purpose === id
        ? policy.ad_matching.recipients.map((one) => ({ purpose: id, channel, recipient: one.id }))
        : [];
    });
  });
}

/** The purposes that carry out what the person asked for. */
export const neededPurposes = (policy: Policy, category: string | null): Purpose[] =>
  policy.purposes.filter(
    (purpose) =>
      isNeeded(purpose) && granted(policy, category).some((grant) => grant.purpose === purpose.id),
  );
