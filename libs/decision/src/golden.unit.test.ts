import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicySet, type PolicySet } from '@kyoka/policy';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Decision, decide, parseCase, REASON_CODES, RULES } from './index.js';

const ROOT = join(import.meta.dirname, '../../..');
const GOLDEN = join(ROOT, 'test/golden/decisions');

const read = (folder: string, end = '.yaml') =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

function policySet(): PolicySet {
  const parsed = parsePolicySet({
    policies: [...read(join(ROOT, 'deploy/policies')), ...read(join(GOLDEN, 'policies'))],
    contracts: read(join(ROOT, 'deploy/source-contracts')),
    legal: read(join(ROOT, 'deploy/legal')),
    texts: read(join(ROOT, 'deploy/policies/texts'), '.txt').map((one) => ({
      ...one,
      sha256: createHash('sha256').update(one.text).digest('hex'),
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.set;
}

type Loose = Record<string, unknown>;

interface GoldenCase {
  base: string;
  set?: Loose;
  add?: Record<string, unknown[]>;
  stop?: Loose;
  expect: 'allowed' | string[];
  basis?: string;
  source?: string;
  evidence?: string[];
  why: string;
}

const STOP_AT = '2026-11-02T00:00:00+09:00';

function put(target: Loose, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() as string;
  const holder = parts.reduce<Loose>((node, part) => node[part] as Loose, target);
  holder[last] = value;
}

function caseOf(bases: Record<string, Loose>, golden: GoldenCase): Loose {
  const asked = structuredClone(bases[golden.base]) as Loose;
  const facts = asked['facts'] as Loose;
  for (const [path, value] of Object.entries(golden.set ?? {})) put(asked, path, value);
  for (const [path, values] of Object.entries(golden.add ?? {})) {
    const key = path.replace('facts.', '');
    facts[key] = [...(facts[key] as unknown[]), ...values];
  }
  if (golden.stop) facts['suppressions'] = [{ at: STOP_AT, ...golden.stop }];
  return asked;
}

const codes = (decision: Decision) =>
  decision.allowed ? 'allowed' : decision.reasons.map(({ code }) => code);

const set = policySet();
const bases = parse(readFileSync(join(GOLDEN, 'bases.yaml'), 'utf8')) as Record<string, Loose>;
const files = read(GOLDEN, '.cases.yaml').map(({ name, text }) => ({
  name,
  cases: parse(text) as GoldenCase[],
}));

const answer = (json: unknown): Decision => {
  const parsed = parseCase(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return decide(set, parsed.case);
};

describe.each(files)('$name', ({ cases }) => {
  it.each(cases.map((golden) => ({ ...golden, name: `${golden.base}: ${golden.why}` })))(
    '$name',
    (golden) => {
      const decision = answer(caseOf(bases, golden));
      expect(codes(decision)).toEqual(golden.expect);
      if (golden.evidence) expect(decision.evidence).toEqual(golden.evidence);
      if (golden.basis) expect(decision).toMatchObject({ basis: golden.basis });
      if (golden.source) expect(decision).toMatchObject({ source: golden.source });
    },
  );
});

it.each(Object.keys(bases))('the starting point %s is allowed as it stands', (base) => {
  expect(codes(answer(bases[base]))).toBe('allowed');
});

describe('the cases as a whole', () => {
  const all = files.flatMap(({ cases }) => cases);

  it('give every reason that a decision can give at least twice', () => {
    const given = all.flatMap(({ expect: codesGiven }) => codesGiven);
    const rare = RULES.filter(({ code }) => given.filter((one) => one === code).length < 2);
    expect(rare.map(({ code }) => code)).toEqual([]);
  });

  it('say why, each on its own', () => {
    const names = all.map(({ base, why }) => `${base}: ${why}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('reach every ground of every rule', () => {
    const details = new Set(
      all.flatMap((golden) => {
        const decision = answer(caseOf(bases, golden));
        return decision.allowed
          ? []
          : decision.reasons.flatMap(({ code, detail }) =>
              detail.split('; ').map((one) => `${code}: ${one}`),
            );
      }),
    );
    const silent = RULES.flatMap(({ code, grounds }) =>
      grounds.map(({ detail }) => `${code}: ${detail}`),
    ).filter((ground) => !details.has(ground));
    expect(silent).toEqual([]);
  });
});

it('the rules stand in the order of the closed list and leave out only the code of the HTTP edge', () => {
  expect(RULES.map(({ code }) => code)).toEqual(
    REASON_CODES.filter((code) => code !== 'not_permitted'),
  );
});
