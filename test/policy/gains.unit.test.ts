import { readFileSync } from 'node:fs';
import { parsePolicy, type Policy, undeclaredGains } from '@kyoka/policy';
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
