import { decide, type DisclosureCase, disclosureStanding } from '@kyoka/decision';
import { DAY, parseInstant } from '@kyoka/kernel';
import { DISCLOSURE_NEEDS, type LegalPack, type Policy, type PolicySet } from '@kyoka/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { set } from './deployed.js';
import { cases } from './generated-cases.js';

const NOW = parseInstant('2026-11-20T10:00:00+09:00') as number;

const complete = (policy: string, ground: string): DisclosureCase => ({
  policy,
  inForce: true,
  ground,
  items: ['email', 'orders'],
  stated: new Set(DISCLOSURE_NEEDS),
  until: NOW + DAY,
  at: NOW,
  frozen: false,
  subject: { acquiredUnder: policy },
});

const standing = (policy: string, ground: string, other: Partial<DisclosureCase> = {}) =>
  disclosureStanding(set, { ...complete(policy, ground), ...other });
const told = (...asked: Parameters<typeof standing>) =>
  standing(...asked).reasons.map(({ code, rule }) => `${code} ${rule}`);

const GROUNDS = ['law', 'life', 'health_child', 'public_body', 'academic'];

/** What each published text writes; where it is silent, the law alone is left. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  'almado@1': ['law', 'life', 'health_child', 'public_body'],
  'almigo@1': ['law', 'life', 'health_child', 'public_body'],
  'loveinn@1': ['law'],
  'allm@1': ['law', 'life', 'public_body', 'academic'],
  'agreement@1': ['law', 'public_body'],
};

describe.each(Object.entries(WRITTEN))('under %s', (policy, written) => {
  it.each(GROUNDS)('%s stands where the text writes it, with its article', (ground) => {
    expect(standing(policy, ground).article).toMatch(/^APPI Art\. 27\(1\)\([iv]+\)$/);
    const silent = told(policy, ground).filter((one) => one.startsWith('provision_not_allowed'));
    const place = `provision_not_allowed ${policy}#/third_party/exceptions`;
    expect(silent).toEqual(written.includes(ground) ? [] : [place]);
  });
});

it('a ground that a text names and the law does not know is none', () => {
  expect(told('agreement@1', 'other_services')).toEqual([
    'provision_not_allowed agreement@1#/third_party/refused_grounds/0',
    'legal_floor APPI Art. 27',
  ]);
});

it.each([
  ['law', ['paper', 'basis']],
  ['life', ['need', 'obstacle']],
  ['health_child', ['need', 'obstacle']],
  ['public_body', ['paper', 'need', 'obstacle']],
  ['academic', ['paper', 'research', 'balance']],
] as const)('%s needs its own statements', (ground, needs) => {
  const policy = ground === 'academic' ? 'allm@1' : 'almado@1';
  expect(standing(policy, ground, { stated: new Set(needs) }).reasons).toEqual([]);
  for (const lacking of needs) {
    const stated = new Set(DISCLOSURE_NEEDS.filter((need) => need !== lacking));
    const { reasons, missing } = standing(policy, ground, { stated });
    expect(missing).toEqual([lacking]);
    expect(reasons).toEqual([
      expect.objectContaining({ code: 'facts_incomplete', detail: `not stated: ${lacking}` }),
    ]);
  }
});

it('tells every ground of a refusal, each code once, in the order of the list', () => {
  const nothing = {
    inForce: false,
    items: ['card_number'],
    stated: new Set<never>(),
    frozen: true,
  } as const;
  const { until: _, subject: __, ...bare } = complete('loveinn@1', 'life');
  expect(disclosureStanding(set, { ...bare, ...nothing }).reasons.map(({ code }) => code)).toEqual([
    'unknown_policy',
    'unknown_subject',
    'facts_incomplete',
    'frozen',
    'provision_not_allowed',
    'item_not_allowed',
    'period_missing',
  ]);
  expect(told('almado@1', 'law', { until: NOW - 1 })).toEqual(['outside_period until']);
  expect(told('nobodys@1', 'law', { subject: { acquiredUnder: 'almado@1' } })).toEqual([
    'unknown_policy policies',
  ]);
});

describe('data that was acquired under another text', () => {
  it('is held to both, but for what the law lays down', () => {
    const subject = { acquiredUnder: 'loveinn@1' };
    expect(told('almado@1', 'life', { subject })).toEqual([
      'provision_not_allowed loveinn@1#/third_party/exceptions',
      'item_not_allowed loveinn@1#/third_party/items',
    ]);
    expect(told('almado@1', 'law', { subject })).toEqual([]);
  });

  it('is refused where that text is not known', () => {
    const codes = (acquiredUnder: string | null, ground: string) =>
      told('almado@1', ground, { subject: { acquiredUnder } }).map((one) => one.split(' ')[0]);
    expect(codes('almado@9', 'life')).toEqual(['unknown_policy']);
    expect(codes(null, 'life')).toEqual(['facts_incomplete']);
    expect(codes(null, 'law')).toEqual([]);
  });
});

it('a policy can not write a ground that its legal pack has not', () => {
  const jp = set.legal.get('jp-2022') as LegalPack;
  const grounds = jp.provision.grounds.filter(({ ground }) => ground === 'law');
  const strict = {
    ...set,
    legal: new Map([['jp-2022', { ...jp, provision: { ...jp.provision, grounds } }]]),
  };
  expect(
    disclosureStanding(strict, complete('almado@1', 'life')).reasons.map(({ code }) => code),
  ).toEqual(['legal_floor']);
});

const withExceptions = (exceptions: Policy['third_party']['exceptions'] & object): PolicySet => ({
  ...set,
  policies: new Map(
    [...set.policies].map(([key, policy]) => [
      key,
      { ...policy, third_party: { ...policy.third_party, exceptions } },
    ]),
  ),
});

describe('no decision rests on an exception', () => {
  const every = withExceptions(
    (['law', 'life', 'health_child', 'public_body', 'academic'] as const).map((ground) => ({
      ground,
      clause: '5',
    })),
  );
  const none = withExceptions([]);

  it('whatever the text writes, every answer is the same', () => {
    let allowed = 0;
    fc.assert(
      fc.property(cases, fc.constantFrom(...set.policies.keys()), (asked, policy) => {
        const answer = decide(every, { ...asked, policy });
        expect(answer).toEqual(decide(none, { ...asked, policy }));
        if (answer.allowed) allowed += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(allowed).toBeGreaterThan(0);
  });

  it.each([...set.policies.keys()])('%s: a ground is no purpose, on any channel', (policy) => {
    for (const purpose of [...GROUNDS, 'exceptional_disclosure']) {
      for (const channel of ['email', 'dm', 'sms', 'line', 'web', 'ads']) {
        const answer = decide(every, { policy, at: NOW, request: { purpose, channel } });
        expect([answer.allowed, 'reasons' in answer && answer.reasons[0]?.code]).toEqual([
          false,
          'unknown_subject',
        ]);
      }
    }
  });
});
