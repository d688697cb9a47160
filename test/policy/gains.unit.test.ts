import { readFileSync } from 'node:fs';
import { type DecisionQuestion, termsOf } from '@kyoka/decision';
import {
  type LegalPack,
  mayBeRelated,
  parsePolicy,
  type Policy,
  type PolicySet,
  undeclaredGains,
} from '@kyoka/policy';
import { expect, it } from 'vitest';

const read = (text: string): Policy => {
  const parsed = parsePolicy(text, 'trial.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.policy;
};
const textOf = (name: string): string =>
  readFileSync(`test/golden/decisions/policies/${name}.yaml`, 'utf8');

const first = read(textOf('trial'));
const third = textOf('trial-3');

const names = (newer: string): string[] =>
  undeclaredGains(first, read(newer)).map(({ name }) => name);

it('a purpose that no declaration names for the older version is undeclared', () => {
  expect(names(third)).toEqual(['term use_limits.max_days']);
  expect(names(third.replace('data_of: [1]', 'data_of: [2]'))).toEqual([
    'grant user survey',
    'term use_limits.max_days',
  ]);
});

it('advertising is not related to mere service, whoever declares it', () => {
  const served = { ...first, grants: first.grants.filter(({ purpose }) => purpose === 'service') };
  const related = read(third.replace('as: by_new_consent', 'as: related'));
  expect(undeclaredGains(served, related)).toContainEqual({
    name: 'grant user events',
    expected: 'declared in changes as by_new_consent (APPI Art. 17(2), 18(1))',
  });
});

it('what is related for those who were advertised to stays shut for those who were only served', () => {
  const newer = read(third.replace('as: by_new_consent', 'as: related'));
  const events = { category: 'user', purpose: 'events' };
  const served = { ...first, grants: first.grants.filter(({ purpose }) => purpose === 'service') };
  expect(mayBeRelated(first, newer, events)).toBe(true);
  expect(mayBeRelated(served, newer, events)).toBe(false);
  const admitted = (older: Policy) =>
    termsOf(
      {
        policies: new Map([
          ['trial@1', older],
          ['trial@3', newer],
        ]),
        contracts: new Map(),
        legal: new Map([
          [
            newer.policy.legal_pack,
            {
              duties: [],
              provision: { bases: [] },
              ad_matching: { bases: [] },
              foreign_transfer: { review_months: 12 },
              opt_in_channels: [],
            } as unknown as LegalPack,
          ],
        ]),
      } as unknown as PolicySet,
      {
        policy: 'trial@3',
        at: Date.UTC(2030, 0, 1),
        request: { purpose: 'events', channel: 'email' },
      } as DecisionQuestion,
    ).versions.get('trial@1');
  expect(admitted(first)?.has('user')).toBe(true);
  expect(admitted(served)?.has('user')).toBe(false);
});

it('channels, bases and content owners gained are named', () => {
  const wider = third
    .replace('dm: opt_out', 'dm: opt_out, sms: opt_in')
    .replace('label: news of the service', 'label: news of the service, owner: [own, third_party]');
  expect(names(wider)).toEqual([
    'basis sms opt_in',
    'owner info third_party',
    'term use_limits.max_days',
  ]);
});

it('a declaration that the file itself shows to be wrong does not load', () => {
  const wrong = parsePolicy(
    third.replace('data_of: [1]', 'data_of: [3]').replace('[survey]', '[nothing]'),
    'trial.yaml',
  );
  expect(wrong.ok ? [] : wrong.faults.map(({ path }) => path)).toEqual([
    '/changes/0/data_of/0',
    '/changes/0/purposes/0',
  ]);
});
