import { ACTORS, CHANNELS, CONTACT_CLASSES, CONTACT_KINDS, STOP_KINDS } from '@kyoka/kernel';
import type { ConsentFact, Decision, DecisionCase, PersonFacts } from '@kyoka/decision';
import fc from 'fast-check';

/** Moments 1..8; the decision is asked at 9, so that no act lies ahead of it. */
const NOW = 9;
const moment = fc.integer({ min: 1, max: 8 });
const purpose = fc.constantFrom('info_product', 'personalise', 'ad_matching', 'order', '*', 'odd');
const channel = fc.constantFrom('email', 'dm', 'ads', '*', 'odd');

/** The generated facts have absent members in every combination. */
const sparse = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<NonNullable<T[K]>> }) =>
  fc.record(shape, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;

export const consent: fc.Arbitrary<ConsentFact> = fc
  .tuple(
    fc.record({ act: fc.constantFrom('granted', 'withdrawn'), purpose, channel, at: moment }),
    sparse<Partial<ConsentFact>>({
      recipient: fc.constantFrom('google', 'meta', 'ad_networks', '*', 'odd'),
      evidence: fc.constantFrom('', 'e1', 'e2'),
      actor: fc.constantFrom(...ACTORS),
      confirmed: fc.boolean(),
    }),
  )
  .map(([needed, rest]) => ({ ...needed, ...rest }) as ConsentFact);

export const suppression = fc
  .tuple(
    fc.record({ kind: fc.constantFrom(...STOP_KINDS) }),
    sparse({
      purpose,
      channel,
      at: moment,
      endedAt: moment,
      evidence: fc.constantFrom('s1', 's2'),
    }),
  )
  .map(([needed, rest]) => ({ ...needed, ...rest }));

export const facts: fc.Arbitrary<PersonFacts> = sparse<PersonFacts>({
  category: fc.constantFrom('member', 'non_member', 'mall_customer', 'odd'),
  status: fc.constantFrom('active', 'cancelled'),
  contactPoint: fc
    .tuple(
      fc.record({ kind: fc.constantFrom(...CONTACT_KINDS) }),
      sparse({
        class: fc.constantFrom(...CONTACT_CLASSES),
        sources: fc.array(fc.constantFrom('store', 'mall.amazon', 'form_abandoned', 'odd'), {
          maxLength: 3,
        }),
        confirmedAt: moment,
      }),
    )
    .map(([needed, rest]) => ({ ...needed, ...rest })),
  acquired: sparse({
    source: fc.constantFrom('store', 'mall.amazon', 'form_abandoned', 'odd'),
    at: moment,
    policyVersion: fc.constantFrom('almado@1', 'odd'),
    noticeShown: fc.boolean(),
  }),
  consents: fc.array(consent, { maxLength: 8 }),
  suppressions: fc.array(suppression, { maxLength: 3 }),
  adsSwitch: fc.constantFrom('on', 'off', 'never_set'),
}) as fc.Arbitrary<PersonFacts>;

/** Facts that are mostly permissive, so that narrowing and widening can be seen. */
const fullFacts: fc.Arbitrary<PersonFacts> = fc
  .record({
    kind: fc.constantFrom('email', 'postal'),
    consents: fc.array(consent, { maxLength: 8 }),
    suppressions: fc.array(suppression, { maxLength: 2 }),
  })
  .map(
    ({ kind, consents, suppressions }) =>
      ({
        category: 'member',
        status: 'active',
        contactPoint: { kind, class: 'personal', sources: ['store'] },
        acquired: { source: 'store', at: 1, noticeShown: true },
        consents: [
          {
            act: 'granted',
            purpose: 'info_product',
            channel: 'email',
            at: 4,
            evidence: 'e0',
            actor: 'subject',
          },
          {
            act: 'granted',
            purpose: 'ad_matching',
            channel: 'ads',
            recipient: 'google',
            at: 4,
            evidence: 'e0',
            actor: 'subject',
          },
          ...consents,
        ],
        suppressions,
        adsSwitch: 'on',
      }) as PersonFacts,
  );

export const question = fc
  .record({
    purpose: fc.constantFrom(
      'info_product',
      'personalise',
      'ad_matching',
      'order',
      'leak_notice',
      'dev_marketing',
    ),
    channel: fc.constantFrom(...CHANNELS),
  })
  .map(({ purpose: asked, channel: on }): DecisionCase => ({
    policy: 'almado@1',
    at: NOW,
    request: {
      purpose: asked,
      channel: on,
      ...(on === 'ads' ? { recipient: 'google' } : {}),
      ...(asked === 'info_product' ? { contentOwner: 'own' as const } : {}),
      actor: 'user:a',
      use: { from: '1970-01-01', to: '1970-01-01', users: ['user:a'] },
    },
    ...(on === 'ads'
      ? {
          recipient: {
            id: 'google',
            kind: 'ad_network',
            basis: 'consent',
            contractRef: 'k',
            useLimitRef: 'u',
            items: ['hashed_email', 'hashed_phone'],
            reviewedAt: 1,
            country: 'JP',
            enabled: true,
          },
        }
      : {}),
  }));

export const cases = fc
  .tuple(question, fc.oneof(facts, fullFacts))
  .map(([asked, known]): DecisionCase & { facts: PersonFacts } => ({ ...asked, facts: known }));

export const reasons = (decision: Decision) => (decision.allowed ? [] : decision.reasons);
export const codes = (decision: Decision) => reasons(decision).map(({ code }) => code);
