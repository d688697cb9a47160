import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTORS, CHANNELS, CONTACT_CLASSES, CONTACT_KINDS, STOP_KINDS } from '@kyoka/kernel';
import { parsePolicySet, type PolicySet } from '@kyoka/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atomsOf,
  type ConsentFact,
  type Decision,
  decide,
  type DecisionCase,
  decideWith,
  holds,
  parseCase,
  PERSON_ATOMS,
  type PersonFacts,
  REQUEST_ATOMS,
  RULES,
  termsOf,
} from './index.js';

const DEPLOY = join(import.meta.dirname, '../../../deploy');

const read = (folder: string) =>
  readdirSync(join(DEPLOY, folder)).map((name) => ({
    name,
    text: readFileSync(join(DEPLOY, folder, name), 'utf8'),
  }));

const set: PolicySet = (() => {
  const parsed = parsePolicySet({
    policies: read('policies'),
    contracts: read('source-contracts'),
    legal: read('legal'),
  });
  if (!parsed.ok) throw new Error('the deployed policy files are not valid');
  return parsed.set;
})();

/** Moments 1..8; the decision is asked at 9, so that no act lies ahead of it. */
const NOW = 9;
const moment = fc.integer({ min: 1, max: 8 });
const purpose = fc.constantFrom('info_product', 'personalise', 'ad_matching', 'order', '*', 'odd');
const channel = fc.constantFrom('email', 'dm', 'ads', '*', 'odd');

/** The generated facts have absent members in every combination. */
const sparse = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<NonNullable<T[K]>> }) =>
  fc.record(shape, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;

const consent: fc.Arbitrary<ConsentFact> = fc
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

const suppression = fc
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

const facts: fc.Arbitrary<PersonFacts> = sparse<PersonFacts>({
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

const question = fc
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

const cases = fc
  .tuple(question, fc.oneof(facts, fullFacts))
  .map(([asked, known]): DecisionCase & { facts: PersonFacts } => ({ ...asked, facts: known }));

const RUNS = { numRuns: 2_000 };

describe('no answer depends on', () => {
  it('the order or repetition of any list', () => {
    fc.assert(
      fc.property(cases, fc.integer(), (asked, seed) => {
        const shuffled = <T>(list: readonly T[] | undefined): T[] | undefined =>
          list && [...list, ...list.slice(0, 2)].sort((a, b) => mixed(a, seed) - mixed(b, seed));
        const { consents, suppressions, contactPoint } = asked.facts;
        const other = {
          ...asked.facts,
          ...(consents ? { consents: shuffled(consents) } : {}),
          ...(suppressions ? { suppressions: shuffled(suppressions) } : {}),
          ...(contactPoint?.sources
            ? { contactPoint: { ...contactPoint, sources: shuffled(contactPoint.sources) } }
            : {}),
        } as PersonFacts;
        expect(decide(set, { ...asked, facts: other })).toEqual(decide(set, asked));
      }),
      RUNS,
    );
  });

  it('consents that a later one of the same cell, act and class makes superfluous', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        const { consents } = asked.facts;
        fc.pre(consents !== undefined);
        const reduced = { ...asked.facts, consents: latestPerClass(consents ?? []) };
        expect(decide(set, { ...asked, facts: reduced })).toEqual(decide(set, asked));
      }),
      RUNS,
    );
  });

  it('terms being read once for a run', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        expect(decideWith(termsOf(set, asked), asked.facts)).toEqual(decide(set, asked));
      }),
      { numRuns: 200 },
    );
  });
});

describe('nothing widens an answer by', () => {
  it('adding a stop', () => {
    fc.assert(
      fc.property(cases, suppression, (asked, stop) => {
        const { suppressions } = asked.facts;
        fc.pre(suppressions !== undefined);
        const more = {
          ...asked.facts,
          suppressions: [...(suppressions ?? []), stop],
        } as PersonFacts;
        expect(codes(decide(set, { ...asked, facts: more }))).toEqual(
          expect.arrayContaining(codes(decide(set, asked))),
        );
      }),
      RUNS,
    );
  });

  it('adding a withdrawal', () => {
    fc.assert(
      fc.property(cases, consent, (asked, act) => {
        const { consents } = asked.facts;
        fc.pre(consents !== undefined);
        const withdrawn = { ...act, act: 'withdrawn' as const };
        const more = { ...asked.facts, consents: [...(consents ?? []), withdrawn] };
        const before = decide(set, asked).allowed;
        expect(before || !decide(set, { ...asked, facts: more }).allowed).toBe(true);
      }),
      RUNS,
    );
  });

  it('not knowing a fact', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        const before = decide(set, asked).allowed;
        const { optional } = termsOf(set, asked);
        for (const less of withoutOne(optional, asked.facts)) {
          expect(before || !decide(set, { ...asked, facts: less }).allowed).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('not naming a policy, a purpose, a use, an actor', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        for (const key of ['purpose', 'use', 'actor'] as const) {
          const { [key]: _, ...request } = asked.request;
          expect(decide(set, { ...asked, request }).allowed).toBe(false);
        }
        const { policy: _, ...rest } = asked;
        expect(decide(set, rest).allowed).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

it('the generated cases hold allowed and refused ones, so the properties can fail', () => {
  const answers = fc.sample(cases, { numRuns: 2_000, seed: 1 }).map((asked) => decide(set, asked));
  const allowed = answers.filter((one) => one.allowed).length;
  expect(allowed).toBeGreaterThan(50);
  expect(answers.length - allowed).toBeGreaterThan(500);
});

describe('the table', () => {
  it('gives the answer alone: a case is refused exactly where some ground holds', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        const atoms = atomsOf(set, asked);
        const expected = RULES.filter(({ grounds }) =>
          grounds.some(({ when }) => holds(when, (atom) => atoms[atom])),
        ).map(({ code }) => code);
        expect(codes(decide(set, asked))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('has request atoms that no fact of the person changes', () => {
    fc.assert(
      fc.property(question, facts, facts, (asked, one, other) => {
        const left = atomsOf(set, { ...asked, facts: one });
        const right = atomsOf(set, { ...asked, facts: other });
        for (const name of Object.keys(REQUEST_ATOMS) as (keyof typeof REQUEST_ATOMS)[]) {
          expect(left[name]).toBe(right[name]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('uses every atom, and no name stands for two', () => {
    const used = new Set(
      RULES.flatMap(({ grounds }) => grounds.flatMap(({ when }) => names(when))),
    );
    const request = Object.keys(REQUEST_ATOMS);
    const person = Object.keys(PERSON_ATOMS);
    expect([...request, ...person].filter((name) => !used.has(name))).toEqual([]);
    expect(request.filter((name) => person.includes(name))).toEqual([]);
  });

  it('points into a file that exists, at a field that exists or could', () => {
    const shown = new Set(
      fc
        .sample(cases, { numRuns: 3_000, seed: 2 })
        .flatMap((asked) => reasons(decide(set, asked)).map(({ rule }) => rule)),
    );
    const broken = [...shown].filter((rule) => !resolves(rule));
    expect(shown.size).toBeGreaterThan(15);
    expect(broken).toEqual([]);
  });
});

describe('reading a case', () => {
  const good = { at: '2026-11-22T10:00:00+09:00', request: {} };

  it.each([
    [null, '', 'object'],
    [[], '', 'object'],
    ['taro@example.jp', '', 'object'],
    [{ request: {} }, 'at', 'string'],
    [{ ...good, at: '2026-11-22' }, 'at', 'a time with its offset'],
    [{ ...good, request: { purpos: 'x' } }, 'request', 'only the members that are defined'],
    [
      { ...good, request: { use: { til: 'x' } } },
      'request.use',
      'only the members that are defined',
    ],
    [
      { ...good, request: { use: { from: '2026-02-30' } } },
      'request.use.from',
      'a day, YYYY-MM-DD',
    ],
    [
      { ...good, facts: { suppressions: [{ kind: 'taro' }] } },
      'facts.suppressions[0].kind',
      expect.stringMatching(/^one of: withdrawal/),
    ],
    [
      { ...good, facts: { contactPoint: { kind: 'fax' } } },
      'facts.contactPoint.kind',
      expect.stringMatching(/^one of: email/),
    ],
    [{ ...good, facts: { category: 'x'.repeat(201) } }, 'facts.category', 'at most 200 in size'],
    [
      { ...good, facts: { consents: Array.from({ length: 5_001 }, () => ({})) } },
      'facts.consents',
      'at most 5000 in size',
    ],
    [
      { ...good, facts: { recipient: { id: 'x', reviewedAt: 'soon' } } },
      'facts.recipient.reviewedAt',
      'a time with its offset, or a day',
    ],
  ])('refuses %.60j at %s and quotes nothing', (json, field, expected) => {
    const parsed = parseCase(json);
    expect(parsed).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([{ field, expected }]),
    });
    expect(JSON.stringify(parsed)).not.toMatch(/taro|purpos"|til|2026-02-30|xxx|soon|fax/);
  });

  it('takes null for absent and ignores facts it does not know', () => {
    expect(
      parseCase({ ...good, id: null, facts: { category: null, shoeSize: 27, consents: [] } }),
    ).toEqual({
      ok: true,
      case: { at: Date.parse(good.at), request: {}, facts: { consents: [] } },
    });
  });

  it('reads any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(parseCase(json)).toHaveProperty('ok');
        expect(parseCase({ ...good, facts: json, request: json })).toHaveProperty('ok');
      }),
      { numRuns: 500 },
    );
  });
});

const reasons = (decision: Decision) => (decision.allowed ? [] : decision.reasons);
const codes = (decision: Decision) => reasons(decision).map(({ code }) => code);

function mixed(value: unknown, seed: number): number {
  const text = `${seed}${JSON.stringify(value)}`;
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7);
}

function latestPerClass(consents: readonly ConsentFact[]): ConsentFact[] {
  const latest = new Map<string, ConsentFact>();
  for (const one of consents) {
    const proven = Boolean(one.evidence) && (one.actor === 'subject' || one.actor === 'guardian');
    const kind = !proven ? 'unproven' : one.confirmed ? 'confirmed' : 'evidenced';
    const key = [one.purpose, one.channel, one.recipient, one.act, kind].join(' ');
    const other = latest.get(key);
    const later =
      !other ||
      one.at > other.at ||
      (one.at === other.at && (one.evidence ?? '') > (other.evidence ?? ''));
    if (later) latest.set(key, one);
  }
  return [...latest.values()];
}

/**
 * The facts with one member left out, at the top and inside the contact point. What a use doesn't need
 * may be left out: consents where the person can't refuse the purpose, and an acquisition; so members
 * of these that tell against the use are not left out here.
 */
function withoutOne(optional: boolean, known: PersonFacts): PersonFacts[] {
  const { contactPoint, acquired } = known;
  const against =
    acquired?.noticeShown === false ||
    acquired?.source === 'odd' ||
    acquired?.policyVersion === 'odd';
  const needless = [...(optional ? [] : ['consents']), ...(against ? ['acquired'] : [])];
  return [
    ...without(known).filter((less) => needless.every((key) => key in less || !(key in known))),
    ...(contactPoint
      ? without(contactPoint)
          .filter(({ kind }) => kind !== undefined)
          .map((point) => ({ ...known, contactPoint: point }))
      : []),
    ...(acquired && !against
      ? without(acquired).map((less) => ({ ...known, acquired: less }))
      : []),
  ];
}

const without = <T extends object>(value: T): T[] =>
  Object.keys(value).map(
    (key) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as T,
  );

function names(when: (typeof RULES)[number]['grounds'][number]['when']): string[] {
  if (typeof when === 'string') return [when];
  if ('not' in when) return names(when.not);
  return ('all' in when ? when.all : when.any).flatMap(names);
}

/** Fields that a policy file may leave out; a pointer to one of them shows where it would stand. */
const OPTIONAL = ['consents', 'confirmed_contact', 'cookie_linking', 'ad_matching', 'joint_use'];

function resolves(rule: string): boolean {
  const [, name = '', path = ''] = /^([^#]+)#?([^ ]*)/.exec(rule) ?? [];
  if (name === 'policies') return true;
  const file =
    set.policies.get(name) ??
    set.legal.get(name) ??
    set.contracts.get(name.replace('source-contract:', ''));
  let node: unknown = file;
  for (const part of path.split('/').filter(Boolean)) {
    if (node === undefined || node === null) return false;
    if (node === file && OPTIONAL.includes(part) && !(part in (node as object))) return true;
    node = (node as Record<string, unknown>)[part];
  }
  return (
    file !== undefined && (node !== undefined || /channel_defaults|owner|_defaults/.test(path))
  );
}
