import { missingItems, parsePolicy } from '@kyoka/policy';
import { expect, it } from 'vitest';
import { almado, around, changed, files, findings } from './almado.js';

/** What each of the five published texts lacks: item, and the field that would state it. */
const MISSING: Readonly<Record<string, readonly string[]>> = {
  almado: [
    'operator_address /controller/address',
    'operator_representative /controller/representative',
    'accredited_body /controller/accredited_body',
  ],
  almigo: [
    'procedures /rights/intake',
    'safety_measures /safety_measures',
    'accredited_body /controller/accredited_body',
    'filing_operator /third_party/filing/operator',
    'filing_items /third_party/filing/items',
    'filing_how_acquired /third_party/filing/how_acquired',
    'filing_how_provided /third_party/filing/how_provided',
    'filing_how_to_stop /third_party/filing/how_to_stop',
    'filing_how_updated /third_party/filing/how_updated',
    'filing_start /third_party/filing/start',
  ],
  loveinn: [
    'operator_address /controller/address',
    'operator_representative /controller/representative',
    'procedures /rights/intake',
    'complaint_desk /controller/desk',
    'accredited_body /controller/accredited_body',
  ],
  allm: ['accredited_body /controller/accredited_body', 'transmitted_items /cookies/attributes'],
  agreement: [
    'operator_name /controller/name',
    'operator_address /controller/address',
    'operator_representative /controller/representative',
    'procedures /rights/intake',
    'safety_measures /safety_measures',
    'complaint_desk /controller/desk',
    'accredited_body /controller/accredited_body',
  ],
};

const missing = (text: string) => {
  const parsed = parsePolicy(text, 'p.yaml', around);
  const legal = parsed.ok && around?.legal.get(parsed.policy.policy.legal_pack);
  if (!parsed.ok || !legal) throw new Error('the file has errors');
  return missingItems(parsed.policy, legal);
};
const lines = (text: string): string[] =>
  missing(text).map(({ item, field }) => `${item} ${field}`);

it.each(Object.entries(MISSING))(
  'what %s does not state and the law wants published is listed, with its article',
  (id, expected) => {
    const text = files.policies.find(({ name }) => name === `${id}.yaml`)?.text ?? '';
    expect(lines(text)).toEqual(expected);
    for (const { article } of missing(text)) expect(article).toMatch(/Art\. \d/);
    const warned = findings(text).filter(({ message }) => message.startsWith("people can't look"));
    expect(warned.map(({ path }) => path)).toEqual(missing(text).map(({ field }) => field));
  },
);

it('an item that is stated is missing no longer', () => {
  const { text } = changed('  name: ALMADO\n  address: null', '  name: ALMADO\n  address: Tokyo');
  expect(lines(text)).not.toContain('operator_address /controller/address');
});

it('each joint use and each category of people is looked at by itself', () => {
  const joint = (more: string) =>
    `joint_use: [{ recipients: [g], scope: s, purpose: p, responsible: r, items: [name], clause: '5'${more} }]`;
  const stated = almado.replace('group_use_stated: true', () =>
    [joint(', address: Tokyo, representative: R'), 'group_use_stated: true'].join('\n'),
  );
  expect(lines(stated)).toEqual(MISSING['almado']);
  expect(lines(stated.replace(', address: Tokyo', ''))).toContain(
    'joint_use_address /joint_use/0/address',
  );
  const silent = almado.replace(
    "  - { category: [applicant], purpose: recruitment, channels: by_consent, clause: '2(1)' }\n",
    '',
  );
  expect(lines(silent)).toContain('purposes /categories/3');
});

it('a filing is asked for item by item, and only where data is provided by opt-out', () => {
  const filed = changed(
    'bases: [consent]\n  filing: null',
    "bases: [consent, opt_out_filed]\n  filing: { number: '1', start: 2026-01-01, items: [name] }",
  ).text;
  const items = missing(filed).map(({ item }) => item);
  expect(items).toContain('filing_how_to_stop');
  expect(items).not.toContain('filing_items');
  expect(items).not.toContain('filing_start');
});
