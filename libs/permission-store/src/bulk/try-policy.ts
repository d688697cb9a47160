import type { DecisionQuestion, DecisionRequest } from '@kyoka/decision';
import { CHANNELS, type Instant, tokyoDay } from '@kyoka/kernel';
import { leavesChannelsOpen, namedChannels, type Policy, type PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { type AddressOf, loadRecipient } from '../recipient-facts.js';
import { compareEverybody, type Comparison } from './decide-all.js';

/** One use that either version names, and what the newer changes about it for the stored people. */
export interface TriedUse extends Comparison {
  readonly purpose: string;
  /** Absent for a purpose that reaches nobody. */
  readonly channel?: string;
  readonly recipient?: string;
}

type Use = Pick<TriedUse, 'purpose' | 'channel' | 'recipient'>;

/** Who asks: nobody acts on these answers. */
const ACTOR = 'kyoka:try';

/**
 * What a policy version would change for the people stored, use by use, before it goes live: how many
 * gain it and how many lose it, with a few subject ids of each. Each use is asked of own content, for
 * today. A use that changes nothing is left out.
 *
 * @param set holds both versions, and the newer counts as in force
 * @param older `id@version` now in force; absent: none, so everything allowed is gained
 */
export async function tryPolicy(
  tx: Queryable,
  set: PolicySet,
  versions: { readonly older?: string; readonly newer: string },
  asked: { readonly at: Instant; readonly addressOf: AddressOf; readonly examples: number },
): Promise<TriedUse[]> {
  const named = [versions.older, versions.newer].flatMap((version) => {
    const policy = version === undefined ? undefined : set.policies.get(version);
    return policy ? usesOf(policy) : [];
  });
  const uses = new Map(named.map((use) => [Object.values(use).join(' '), use]));
  const tried: TriedUse[] = [];
  for (const use of uses.values()) {
    const facts =
      use.recipient === undefined
        ? undefined
        : await loadRecipient(tx, use.recipient, asked.addressOf);
    const question = (policy: string | undefined): DecisionQuestion => ({
      ...(policy === undefined ? {} : { policy }),
      at: asked.at,
      request: requestOf(use, asked.at),
      ...(facts ? { recipient: facts } : {}),
    });
    const compared = await compareEverybody(
      tx,
      set,
      { older: question(versions.older), newer: question(versions.newer) },
      asked.examples,
    );
    if (compared.gain.people + compared.lose.people > 0) tried.push({ ...use, ...compared });
  }
  return tried;
}

function requestOf(use: Use, at: Instant): DecisionRequest {
  const today = tokyoDay(at);
  return {
    ...use,
    contentOwner: 'own',
    actor: ACTOR,
    use: { from: today, to: today, users: [ACTOR] },
  };
}

function usesOf(policy: Policy): Use[] {
  return policy.grants.flatMap((grant): Use[] => {
    const { purpose } = grant;
    const kind = policy.purposes.find(({ id }) => id === purpose)?.kind;
    if (kind === 'analytics') return [{ purpose }];
    const named = namedChannels(grant);
    const open = leavesChannelsOpen(grant)
      ? CHANNELS.filter((channel) => channel !== 'ads' && !named.includes(channel))
      : [];
    return [...named, ...open].flatMap((channel): Use[] =>
      channel === 'ads'
        ? (policy.ad_matching?.recipients ?? []).map(({ id }) => ({
            purpose,
            channel,
            recipient: id,
          }))
        : [{ purpose, channel }],
    );
  });
}
