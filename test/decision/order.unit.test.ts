import { type ConsentFact, decide, decideWith, type PersonFacts, termsOf } from '@kyoka/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { set } from './deployed.js';
import { cases } from './generated-cases.js';

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
