import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Decision,
  type DecisionCase,
  decide,
  factsChangeAfter,
  type PersonFacts,
  termsChangeAfter,
  termsOf,
} from '@kyoka/decision';
import { DAY, formatInstant, HOUR, type Instant, parseInstant, tokyoDay } from '@kyoka/kernel';
import { parsePolicy, policyKey, type PolicySet } from '@kyoka/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { set as deployed } from './deployed.js';
import { cases, codes } from './generated-cases.js';

const GOLDEN = join(import.meta.dirname, '../golden/decisions/policies');

/** The deployed policies, and invented ones that use every field with a term in it. */
const set: PolicySet = {
  ...deployed,
  policies: new Map([
    ...deployed.policies,
    ...['trial', 'trial-2', 'weak'].map((name) => {
      const read = parsePolicy(readFileSync(join(GOLDEN, `${name}.yaml`), 'utf8'), name);
      if (!read.ok) throw new Error(`${name} is not valid`);
      // Every field with a term, so that they are seen together.
      const policy = { ...read.policy, consents: { valid_months: 5 } };
      return [policyKey(policy), policy] as const;
    }),
  ]),
};

const START = parseInstant('2025-01-30T00:00:00+09:00') as Instant;
const YEARS = 3 * 365 * DAY;
/** Moments near midnight in Tokyo, where days begin and end. */
const moment = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 1, HOUR, DAY - 1, 9 * HOUR))
  .map(([days, within]) => START + days * DAY + within);

/** The generated cases, each of their moments spread over two years. */
const timed = fc
  .tuple(
    cases,
    fc.constantFrom('almado@1', 'trial@1', 'trial@2', 'weak@1'),
    fc.array(moment, { minLength: 12, maxLength: 12 }),
    fc.constantFrom('info', 'matching', 'info_product', 'ad_matching'),
    moment,
  )
  .map(([asked, policy, moments, purpose, at]): DecisionCase & { facts: PersonFacts } => {
    const spread = (small: Instant | undefined) => moments[(small ?? 0) % 12] as Instant;
    const stamped = <T extends object>(fact: T): T =>
      Object.fromEntries(
        Object.entries(fact).map(([name, value]) =>
          ['at', 'endedAt', 'confirmedAt'].includes(name)
            ? [name, spread(value as Instant)]
            : [name, value],
        ),
      ) as T;
    const { consents, suppressions, contactPoint, acquired } = asked.facts;
    const own = policy !== 'almado@1';
    return {
      ...asked,
      policy,
      at,
      request: {
        ...asked.request,
        ...(own ? { purpose } : {}),
        use: { from: tokyoDay(spread(9)), to: tokyoDay(spread(10)), users: ['user:a'] },
      },
      ...(asked.recipient
        ? {
            recipient: {
              ...asked.recipient,
              reviewedAt: spread(11),
              ...(own ? { basis: 'opt_out_filed' as const, filing: 'F-1' } : {}),
            },
          }
        : {}),
      facts: {
        ...asked.facts,
        ...(own ? { category: policy === 'weak@1' ? 'customer' : 'user' } : {}),
        ...(consents && {
          consents: consents.map((one) => ({ ...stamped(one), ...(own ? { purpose } : {}) })),
        }),
        ...(suppressions && { suppressions: suppressions.map(stamped) }),
        ...(contactPoint && { contactPoint: stamped(contactPoint) }),
        ...(acquired && {
          acquired: { ...stamped(acquired), ...(own ? { policyVersion: policy } : {}) },
        }),
      },
    };
  });

const answer = (decision: Decision) => [decision.allowed, ...codes(decision)].join(' ');

const nextChange = (asked: DecisionCase & { facts: PersonFacts }): Instant => {
  const terms = termsOf(set, asked);
  return Math.min(
    factsChangeAfter(terms, asked.facts) ?? Infinity,
    termsChangeAfter(terms) ?? Infinity,
  );
};

describe('until the next change', () => {
  it('every moment has the same answer', () => {
    fc.assert(
      fc.property(timed, fc.double({ min: 0, max: 1, noNaN: true }), (asked, share) => {
        const until = Math.min(nextChange(asked) - 1, asked.at + YEARS);
        const between = asked.at + Math.floor((until - asked.at) * share);
        for (const at of [between, until]) {
          expect(answer(decide(set, { ...asked, at })), formatInstant(at)).toBe(
            answer(decide(set, asked)),
          );
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('a term ends at midnight in Tokyo, its last day included', () => {
  const person: PersonFacts = {
    category: 'user',
    status: 'active',
    contactPoint: {
      kind: 'email',
      class: 'personal',
      sources: ['store'],
      confirmedAt: START - 900 * DAY,
    },
    acquired: { source: 'store', at: START - 500 * DAY, policyVersion: 'trial@1' },
    suppressions: [],
    adsSwitch: 'on',
  };
  const grant = (at: string) =>
    ({
      act: 'granted',
      purpose: 'info',
      channel: 'email',
      at: parseInstant(at) as Instant,
      evidence: 'ev',
      actor: 'subject',
    }) as const;
  const request = {
    purpose: 'info',
    channel: 'email',
    actor: 'user:a',
    use: { from: '2025-01-01', to: '2027-12-31', users: ['user:a'] },
  };
  const trial = (facts: Partial<PersonFacts>): DecisionCase & { facts: PersonFacts } => ({
    policy: 'trial@1',
    at: START,
    request,
    facts: { ...person, consents: [], ...facts },
  });
  const processor = {
    id: 'post',
    kind: 'processor',
    basis: 'processor',
    contractRef: 'k',
    country: 'JP',
    enabled: true,
  } as const;

  it.each<[string, string, string, DecisionCase & { facts: PersonFacts }]>([
    [
      'a consent of five months',
      'consent_expired',
      '2026-06-16T00:00:00+09:00',
      trial({ consents: [grant('2026-01-15T23:59:59+09:00')] }),
    ],
    [
      'a consent of the last day of a month',
      'consent_expired',
      '2026-08-01T00:00:00+09:00',
      trial({ consents: [grant('2026-02-28T12:00:00+09:00')] }),
    ],
    [
      'a consent whose last month is shorter',
      'consent_expired',
      '2026-07-01T00:00:00+09:00',
      trial({ consents: [grant('2026-01-30T00:00:00+09:00')] }),
    ],
    [
      'data that a policy keeps for 730 days',
      'retention_over',
      '2028-01-02T00:00:00+09:00',
      trial({
        acquired: {
          source: 'store',
          at: parseInstant('2026-01-01T15:00:00+09:00') as Instant,
          policyVersion: 'trial@1',
        },
      }),
    ],
    [
      'data that a mall lets be used for 30 days',
      'source_retention_over',
      '2025-03-02T00:00:00+09:00',
      {
        policy: 'almado@1',
        at: START,
        request: { ...request, purpose: 'order' },
        facts: {
          ...person,
          category: 'mall_customer',
          contactPoint: { kind: 'email', class: 'personal', sources: ['mall.amazon'] },
          acquired: { source: 'mall.amazon', at: START, policyVersion: 'almado@1' },
        },
      },
    ],
    [
      'the review of a recipient of twelve months',
      'recipient_review_overdue',
      '2026-03-01T00:00:00+09:00',
      {
        ...trial({}),
        request: { ...request, recipient: 'post' },
        recipient: {
          ...processor,
          reviewedAt: parseInstant('2025-02-28T00:00:00+09:00') as Instant,
        },
      },
    ],
    [
      'the period of a use',
      'outside_period',
      '2025-02-02T00:00:00+09:00',
      {
        ...trial({}),
        request: { ...request, use: { from: '2025-01-01', to: '2025-02-01', users: ['user:a'] } },
      },
    ],
  ])('%s', (_, code, end, asked) => {
    const at = parseInstant(end) as Instant;
    const before = { ...asked, at: at - DAY };
    expect(formatInstant(nextChange(before))).toBe(formatInstant(at));
    expect(codes(decide(set, { ...before, at: at - 1 }))).not.toContain(code);
    expect(codes(decide(set, { ...before, at }))).toContain(code);
  });

  it('and a text comes into force at one', () => {
    const asked = { ...trial({}), policy: 'trial@2', at: START };
    const from = parseInstant('2026-06-01T00:00:00+09:00') as Instant;
    expect(termsChangeAfter(termsOf(set, { ...asked, at: from - 1 }))).toBe(from);
    expect(codes(decide(set, { ...asked, at: from - 1 }))).toContain('unknown_policy');
    expect(codes(decide(set, { ...asked, at: from }))).not.toContain('unknown_policy');
  });
});
