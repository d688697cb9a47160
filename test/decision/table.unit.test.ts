import { atomsOf, decide, holds, PERSON_ATOMS, REQUEST_ATOMS, RULES } from '@kyoka/decision';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { set } from './deployed.js';
import { cases, codes, facts, question, reasons } from './generated-cases.js';

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
