import type { DecisionQuestion, RecipientFacts } from '@kyoka/decision';
import type { Instant } from '@kyoka/kernel';
import { type Policy, policyKey } from '@kyoka/policy';
import type { Random } from './random.js';
import { recipient, USE } from './random-questions.js';

/** One thing each that is not as it should be about the entry of an audience's recipient. */
const ENTRIES: readonly Partial<RecipientFacts>[] = [
  { enabled: false },
  { reviewedAt: 0 },
  { items: ['name'] },
  { items: ['hashed_email'] },
  { country: 'US' },
  { contractRef: '' },
  { basis: 'joint_use' },
];

/**
 * Questions as audiences put them: on ads, mostly for the matching at a network that people consented
 * to, so that the person decides.
 */
export function randomAudiences(
  policy: Policy,
  random: Random,
  count: number,
  now: Instant,
): DecisionQuestion[] {
  const marketing = policy.purposes.filter(({ kind }) => kind === 'marketing').map(({ id }) => id);
  const purposeOf = (): string =>
    random.chance(0.6)
      ? (policy.ad_matching?.purpose ?? random.one(marketing))
      : random.chance(0.9)
        ? random.one(marketing)
        : 'nothing';
  return Array.from({ length: count }, (): DecisionQuestion => {
    const to = random.weighted({ google: 80, meta: 12, nobody: 8 });
    const entry = random.chance(0.2) ? random.one(ENTRIES) : {};
    return {
      policy: random.chance(0.96) ? policyKey(policy) : 'nobody@1',
      at: now,
      request: {
        purpose: purposeOf(),
        channel: 'ads',
        contentOwner: random.chance(0.92) ? 'own' : random.one(['partner', 'third_party'] as const),
        recipient: to,
        actor: 'user:sato',
        use: random.chance(0.94) ? USE : { ...USE, from: '2026-12-01', to: '2026-12-31' },
      },
      recipient: { ...recipient(to, now), ...entry },
    };
  });
}
