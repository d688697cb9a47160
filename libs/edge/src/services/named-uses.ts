import { type Channel, CHANNELS } from '@kyoka/kernel';
import type { Policy, PolicySet } from '@kyoka/policy';

/** A question about any person: a policy, and what it is asked for. */
export interface NamedUse {
  readonly policy: string;
  readonly request: {
    readonly purpose: string;
    readonly channel?: Channel;
    readonly recipient?: string;
  };
}

/**
 * Everything that policies can be asked for: each purpose of theirs, and each duty of the law, on each
 * channel; on ads at each recipient that the policy names. Analytics, which reach nobody, also without
 * a channel.
 */
export const namedUses = ({ policies, legal }: PolicySet): NamedUse[] =>
  [...policies].flatMap(([version, policy]) =>
    [...policy.purposes, ...(legal.get(policy.policy.legal_pack)?.duties ?? [])].flatMap(
      ({ id: purpose, kind }: { readonly id: string; readonly kind?: string }) =>
        [
          ...(kind === 'analytics' ? [{ purpose }] : []),
          ...CHANNELS.flatMap((channel) => onChannel(policy, purpose, channel)),
        ].map((request) => ({ policy: version, request })),
    ),
  );

function onChannel(policy: Policy, purpose: string, channel: Channel): NamedUse['request'][] {
  const recipients = channel === 'ads' ? (policy.ad_matching?.recipients ?? []) : [];
  return recipients.length === 0
    ? [{ purpose, channel }]
    : recipients.map(({ id: recipient }) => ({ purpose, channel, recipient }));
}
