import { parsePolicy, type SourceContract } from '@kyoka/policy';
import { expect, it } from 'vitest';
import { almado, around, changed, findings } from './almado.js';

/** What is said of a policy file where the contract of one source has other terms. */
function besides(text: string, source: string, terms: Partial<SourceContract>) {
  const contract = around?.contracts.get(source);
  if (!around || !contract) throw new Error(`${source} has no contract`);
  const contracts = new Map(around.contracts).set(source, { ...contract, ...terms });
  const parsed = parsePolicy(text, 'p.yaml', { ...around, contracts });
  return parsed.ok ? parsed.warnings : parsed.faults;
}

const loosened = (found: ReturnType<typeof findings>) =>
  found
    .filter(({ severity }) => severity === 'error')
    .map(({ path, line, message }) => ({ path, line, message }));

it.each([
  [
    'a duty that the law does not know, which no stop would cover',
    'id: info_product\n    kind: marketing',
    'id: info_product\n    kind: duty',
    '/purposes/1/kind',
    1,
    /^loosens the legal floor jp-2022: .*APPI Art\. 35\(1\)/,
  ],
  [
    'marketing that goes on after a cancellation as if it were needed',
    "owner: [own, partner]\n    clause: '2(1) information 2'",
    "owner: [own, partner]\n    needed_after_cancellation: true\n    clause: '2(1) information 2'",
    '/purposes/2/needed_after_cancellation',
    1,
    /^loosens the legal floor jp-2022: marketing is not needed .*APPI Art\. 22/,
  ],
  [
    'a purpose that abandoned entries may not serve',
    'purposes: [order, info_product]',
    'purposes: [order, member_service]',
    '/form_abandoned/purposes/1',
    0,
    /^loosens source contract form_abandoned: not this purpose/,
  ],
  [
    'a channel that abandoned entries may not be used on',
    'channels: [email, sms, line]\n  keep_days',
    'channels: [email, dm]\n  keep_days',
    '/form_abandoned/channels/1',
    0,
    /^loosens source contract form_abandoned: not this channel/,
  ],
  [
    "a mall's data kept longer than the mall lets it be kept",
    'retention: null',
    "retention:\n  default_days: 365\n  rules: [{ source: mall.amazon, days: 31, clause: '1' }]\n  clause: '1'",
    '/retention/rules/0/days',
    2,
    /^loosens source contract mall\.amazon: 30 days at most/,
  ],
])('%s is an error that names what it loosens', (_, from, to, path, below, message) => {
  const { text, line } = changed(from, to);
  expect(loosened(findings(text))).toContainEqual({
    path,
    line: line + below,
    message: expect.stringMatching(message),
  });
});

it('a term within the terms of the source is none', () => {
  const { text } = changed(
    'retention: null',
    "retention:\n  default_days: 365\n  rules: [{ source: mall.amazon, days: 30, clause: '1' }]\n  clause: '1'",
  );
  expect(loosened(findings(text))).toEqual([]);
});

it.each([
  [
    'mall.rakuten',
    { earns_consent: true },
    /nobody consents .*Email Act Art\. 3\(1\).* source contract mall\.rakuten /,
  ],
  ['form_abandoned', { earns_consent: true }, /source contract form_abandoned lets it earn/],
  [
    'dmp',
    { allows: { kinds: ['marketing'], purposes: [], channels: ['ads'] } },
    /needs: consent_reference \(APPI Art\. 31\), as source contract dmp /,
  ],
  ['form_abandoned', { retention_days: 10 }, /loosens source contract form_abandoned: 10 days/],
] as const)('the contract of %s is refused by its name with %j', (source, terms, message) => {
  expect(loosened(besides(almado, source, terms as Partial<SourceContract>))).toEqual([
    expect.objectContaining({ message: expect.stringMatching(message) }),
  ]);
  expect(loosened(besides(almado, source, {}))).toEqual([]);
});

it('what the text grants and no source allows is a warning that names the contracts', () => {
  const narrowed = findings(almado).filter(({ message }) => message.startsWith('narrowed'));
  const malls = 'mall.rakuten, mall.amazon, mall.yahoo, mall.aupay, mall.qoo10';
  expect(narrowed.map(({ path, message }) => [path, message])).toEqual(
    [
      ['/grants/1/category/2', 'info_product'],
      ['/grants/2/category/2', 'info_support'],
      ['/grants/3/category/2', 'personalise'],
      ['/grants/8/category/1', 'aftersales'],
    ].map(([path, purpose]) => [
      path,
      `narrowed by source contract: none of ${malls} allows ${purpose}`,
    ]),
  );
  const wider = besides(almado, 'mall.rakuten', {
    allows: { kinds: ['transaction', 'marketing'], purposes: [], channels: ['email'] },
  });
  expect(wider.filter(({ message }) => message.startsWith('narrowed'))).toHaveLength(1);
});
