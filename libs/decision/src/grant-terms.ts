import type { Channel } from '@kyoka/kernel';
import {
  type GrantedChannels,
  leavesChannelsOpen,
  type LegalPack,
  namedChannels,
  type Policy,
  policyKey,
  type Purpose,
} from '@kyoka/policy';

/** A purpose of the policy, or a duty of the law. */
export type AskedPurpose = Pick<
  Purpose,
  'id' | 'kind' | 'owner' | 'needed_after_cancellation' | 'individually_accepted'
> & {
  /** Its place: into the policy or the legal pack. */
  readonly pointer: string;
};

export function purposeOf(
  policy: Policy,
  legal: LegalPack,
  id: string | undefined,
): AskedPurpose | undefined {
  const duty = legal.duties.findIndex((one) => one.id === id);
  if (duty >= 0) {
    return { id: id as string, kind: 'duty', pointer: `${legal.legal_pack.id}#/duties/${duty}` };
  }
  const at = policy.purposes.findIndex((one) => one.id === id);
  const purpose = policy.purposes[at];
  return purpose && { ...purpose, pointer: `${policyKey(policy)}#/purposes/${at}` };
}

export interface GrantTerms {
  /** Categories that have the purpose, with the place of the grant. */
  readonly granted: ReadonlyMap<string, string>;
  /** Of these, those for which the purpose may use the channel. */
  readonly naming: ReadonlySet<string>;
  /** Of these, those whose own consent has to name the channel. */
  readonly byConsent: ReadonlySet<string>;
}

/**
 * Which categories have the purpose, and on this channel. A list of channels is closed ("etc." in a
 * text doesn't widen it, unless the policy says so). Where none is named, transaction, service and duty may use any channel the
 * person gave but never ads; marketing only one that the own consent names; analytics reaches nobody.
 */
export function grantTerms(
  policy: Policy,
  purpose: AskedPurpose,
  channel: Channel | undefined,
): GrantTerms {
  const granted = new Map<string, string>();
  const naming = new Set<string>();
  const byConsent = new Set<string>();
  const marketing = purpose.kind === 'marketing';
  const carried = channel === 'ads' || basisStated(policy, channel) !== 'off' || !marketing;
  const open = channel !== undefined && channel !== 'ads' && purpose.kind !== 'analytics';
  const give = (
    categories: readonly string[],
    channels: GrantedChannels,
    pointer: string,
  ): void => {
    const named = channel !== undefined && namedChannels(channels).includes(channel);
    const unnamed = !named && leavesChannelsOpen(channels);
    for (const category of categories) {
      granted.set(category, pointer);
      if ((named || (unnamed && open)) && carried) naming.add(category);
      if (unnamed && (marketing || purpose.individually_accepted)) {
        byConsent.add(category);
      }
    }
  };
  if (purpose.kind === 'duty') {
    give(
      policy.categories.map(({ id }) => id),
      { channels: 'by_consent' },
      purpose.pointer,
    );
  }
  policy.grants.forEach((grant, at) => {
    if (grant.purpose === purpose.id) {
      give(grant.category, grant, `${policyKey(policy)}#/grants/${at}`);
    }
  });
  return { granted, naming, byConsent };
}

/** What the policy says that marketing on a channel rests on. */
export const basisStated = (policy: Policy, channel: Channel | undefined) =>
  (channel && policy.channel_defaults[channel]) ?? 'off';
