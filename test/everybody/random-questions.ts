import type { DecisionQuestion, DecisionRequest, RecipientFacts } from '@kyoka/decision';
import { CHANNELS, DAY, type Instant, tokyoDay, tokyoDayBounds } from '@kyoka/kernel';
import { type Policy, policyKey, type PurposeKind } from '@kyoka/policy';
import type { Random } from './random.js';

export const USE = { from: '2026-11-01', to: '2026-11-30', users: ['user:sato'] };

export const recipient = (id: string, now: Instant): RecipientFacts => ({
  id,
  kind: id === 'printer' ? 'processor' : 'ad_network',
  basis: id === 'printer' ? 'processor' : 'consent',
  contractRef: 'contract',
  useLimitRef: 'terms',
  items: ['hashed_email', 'hashed_phone'],
  reviewedAt: tokyoDayBounds(tokyoDay(now - 30 * DAY))?.first ?? 0,
  country: 'JP',
  enabled: true,
});

type Twist = (question: DecisionQuestion) => DecisionQuestion;

const request =
  (more: Partial<DecisionRequest>): Twist =>
  (question) => ({ ...question, request: { ...question.request, ...more } });

const entry =
  (more: Partial<RecipientFacts>): Twist =>
  (question) => ({
    ...question,
    request: { ...question.request, recipient: question.request.recipient ?? 'printer' },
    recipient: {
      ...(question.recipient ?? recipient('printer', question.at)),
      ...more,
    },
  });

/** One thing each about the request or its recipient that is not as it should be. */
const TWISTS: readonly Twist[] = [
  (question) => ({ ...question, policy: 'nobody@1' }),
  request({ purpose: 'nothing' }),
  request({ channel: 'pigeon' }),
  request({ contentOwner: 'third_party' }),
  request({ use: { users: ['user:sato'] } }),
  request({ use: { ...USE, to: '2026-11-02' } }),
  request({ actor: 'user:other' }),
  request({ use: {} }),
  request({ linking: true }),
  request({ lookalike: true }),
  entry({ enabled: false }),
  entry({ reviewedAt: 0 }),
  entry({ country: 'US' }),
  entry({ basis: 'joint_use' }),
  entry({ basis: 'opt_out_filed', filing: 'F-1' }),
  entry({ basis: 'consent' }),
  entry({ items: ['name', 'email'] }),
  entry({ kind: 'other', basis: 'consent', items: ['everything'] }),
  entry({ contractRef: '' }),
  (question) => ({ ...question, request: { ...question.request, recipient: 'printer' } }),
];

const TWISTED = 5;

/**
 * Questions that a policy could be asked: mostly as they should be, so that the person decides, and
 * some twists, in turn from policy to policy, about a use that would be allowed otherwise.
 */
export function randomQuestions(
  policy: Policy,
  random: Random,
  count: number,
  now: Instant,
  turn: number,
): DecisionQuestion[] {
  const plain = (about?: PurposeKind): DecisionQuestion => {
    const grants = policy.grants.filter(
      (one) => about === undefined || kindOf(policy, one.purpose) === about,
    );
    const grant = random.one(random.chance(0.9) ? towardsMarketable(policy, grants) : grants);
    const kind = kindOf(policy, grant.purpose);
    const named = grant.channels === 'by_consent' ? carrying(policy, kind) : grant.channels;
    const silent = kind === 'analytics';
    const channel = silent
      ? undefined
      : random.chance(0.9)
        ? random.one(named)
        : random.one(CHANNELS);
    const to = channel === 'ads' ? 'google' : undefined;
    return {
      policy: policyKey(policy),
      at: now,
      request: {
        purpose: random.chance(0.97) ? grant.purpose : 'leak_notice',
        ...(channel === undefined ? {} : { channel }),
        contentOwner: 'own',
        actor: 'user:sato',
        use: USE,
        ...(to === undefined ? {} : { recipient: to }),
      },
      ...(to === undefined ? {} : { recipient: recipient(to, now) }),
    };
  };
  const twists = Array.from(
    { length: TWISTED },
    (_, at) => TWISTS[(turn * TWISTED + at) % TWISTS.length],
  );
  const stranger: DecisionQuestion = {
    ...plain(),
    request: {
      purpose: policy.ad_matching?.purpose ?? '',
      channel: 'ads',
      contentOwner: 'own',
      recipient: 'nobody',
      actor: 'user:sato',
      use: USE,
    },
    recipient: recipient('nobody', now),
  };
  const greedy = { ...stranger, request: { ...stranger.request, recipient: 'google' } };
  return [
    ...(policy.ad_matching
      ? [stranger, { ...greedy, recipient: { ...recipient('google', now), items: ['name'] } }]
      : []),
    ...twists.map((twist) => (twist as Twist)(plain())),
    ...(policy.purposes.some(({ kind }) => kind === 'transaction')
      ? [plain('transaction'), plain('transaction'), plain('transaction')]
      : []),
    ...Array.from({ length: count - TWISTED }, () => plain()),
  ];
}

const kindOf = ({ purposes }: Policy, id: string): PurposeKind | undefined =>
  purposes.find((purpose) => purpose.id === id)?.kind;

/** Channels that could carry a purpose of which the text names none. */
const carrying = ({ channel_defaults: stated }: Policy, kind: PurposeKind | undefined) =>
  kind === 'marketing'
    ? CHANNELS.filter((channel) => (stated[channel] ?? 'off') !== 'off')
    : CHANNELS.slice(0, 2);

function towardsMarketable({ categories }: Policy, grants: Policy['grants']): Policy['grants'] {
  const marketable = categories.filter((one) => one.marketable).map(({ id }) => id);
  const some = grants.filter(({ category }) => category.some((id) => marketable.includes(id)));
  return some.length > 0 ? some : grants;
}
