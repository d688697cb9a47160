import { decide, type PersonFacts, termsOf } from '@kyoka/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { set } from './deployed.js';
import { cases, codes, consent, suppression } from './generated-cases.js';

const RUNS = { numRuns: 2_000 };

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
