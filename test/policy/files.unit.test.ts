import { parsePolicy, policyJsonSchemas } from '@kyoka/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { almado, around, changed, deployed, files, findings } from './almado.js';

it('the deployed files are valid together, and every source of a policy has a contract', () => {
  expect(deployed).toMatchObject({ ok: true });
  expect(around?.policies.get('almado@1')?.policy.title).toContain('ALMADO');
  expect(findings(almado).filter(({ message }) => message.includes('no source contract'))).toEqual(
    [],
  );
});

/** Where each published text is weaker than the law, and the article whose floor is applied. */
const WEAKER: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  almado: [
    ['/ad_matching/hashed_as', 'APPI Art. 27(1)'],
    ['/group_use_stated', 'APPI Art. 27(5)(iii)'],
    ['/rights/types', 'third_party_records too (APPI Art. 33(5))'],
    ['/rights/response/media', 'APPI Art. 33(1), 33(2)'],
  ],
  almigo: [
    ['/processors/review_months', 'APPI Art. 28'],
    ['/third_party/filing', 'all 9 items, or no provision by opt-out (APPI Art. 27(2))'],
    ['/rights/types', 'purpose_notice too'],
    ['/rights/types', 'third_party_records too'],
    ['/rights/suspension/grounds', 'no_longer_needed, leak, harm_to_rights too (APPI Art. 35(5))'],
    ['/rights/excluded/0', 'APPI Art. 16(4)'],
  ],
  loveinn: [
    ['/processors/review_months', 'APPI Art. 28'],
    ['/retention/default_days', 'APPI Art. 22'],
    ['/rights/types', 'purpose_notice too'],
    ['/rights/types', 'third_party_records too'],
  ],
  allm: [
    ['/processors/review_months', 'APPI Art. 28'],
    ['/rights/response/at_least_days', 'suit is possible after 14 days'],
    ['/rights/identity/one_of', 'eligibility certificate'],
  ],
  agreement: [
    ['/processors/review_months', 'APPI Art. 28'],
    ['/processors/evidence', 'APPI Art. 25'],
    ['/third_party/refused_grounds/0', 'APPI Art. 27'],
    ['/rights/types', 'purpose_notice too'],
    ['/rights/types', 'third_party_records too'],
    ['/rights/types', 'suspension too'],
    ['/rights/types', 'provision_stop too'],
  ],
};

it.each(Object.entries(WEAKER))(
  'every point at which %s is weaker than the law is a warning that names the floor',
  (id, points) => {
    const text = files.policies.find(({ name }) => name === `${id}.yaml`)?.text ?? '';
    const found = findings(text).filter(
      ({ message }) => !/^(?:people can't look|narrowed by source contract)/.test(message),
    );
    expect(found.every(({ message }) => message.startsWith('weaker than the law'))).toBe(true);
    expect(found).toEqual(
      points.map(([path, floor]) =>
        expect.objectContaining({
          path,
          severity: 'warning',
          message: expect.stringContaining(floor),
        }),
      ),
    );
  },
);

it('every clause of a deployed policy names a section of its published text', () => {
  expect(files.policies.length).toBe(Object.keys(WEAKER).length);
  expect(findings(almado.replace("clause: '10(2); 12(2)'", "clause: '12(9)'"))).toContainEqual(
    expect.objectContaining({
      path: '/statistics/clause',
      severity: 'error',
      message: 'names a section that policy.text.sections does not list',
    }),
  );
});

it.each([
  ['another hash', 'sha256: 7', 'sha256: 8', '/policy/text/sha256'],
  ['no such file', 'file: almado-1.txt', 'file: almado-9.txt', '/policy/text/file'],
  [
    'words that stand nowhere',
    'item 2: 2. When',
    'item 2: 2. Whenever',
    '/policy/text/sections/item 2',
  ],
])('a published text with %s is an error', (_, from, to, path) => {
  expect(findings(changed(from, to).text)).toContainEqual(
    expect.objectContaining({ path, severity: 'error' }),
  );
});

describe('an error stands at its field', () => {
  it.each([
    ['retention: null', 'retention: null\nretentoin: null', '/retentoin', 'unknown field', 1],
    ['lookalike: false', 'lookalike: maybe', '/ad_matching/lookalike', 'expected boolean', 0],
    [
      'consent_at_acquisition: notice',
      'consent_at_acquisition: silence',
      '/consent_at_acquisition',
      'expected one of: none, notice, consent',
      0,
    ],
    [
      'text_date: null',
      'text_date: 2026-02-30',
      '/policy/text_date',
      'expected a day, YYYY-MM-DD',
      0,
    ],
    [
      'cookie_linking: [member]',
      'cookie_linking: [membre]',
      '/cookie_linking/0',
      'names a category that is not defined',
      0,
    ],
    [
      'after_cancellation: null',
      'after_cancellation: [ordr]',
      '/after_cancellation/0',
      'names a purpose that is not defined',
      0,
    ],
    ['id: meta,', 'id: google,', '/ad_matching/recipients/1/id', 'this id is defined twice', 0],
  ])('%s → %s', (from, to, path, message, below) => {
    const { text, line } = changed(from, to);
    expect(findings(text)).toContainEqual(
      expect.objectContaining({
        file: 'p.yaml',
        path,
        message,
        line: line + below,
        severity: 'error',
      }),
    );
  });

  it.each([
    ['a: [', 'not valid YAML'],
    ['policy: &a {}\ncategories: *a', 'YAML aliases are not allowed'],
    ['a: 1\na: 2', 'not valid YAML'],
    ['x'.repeat(600_000), 'the file is larger than 512 kB'],
    ['', 'expected object'],
  ])('a file that is none: %.30j', (text, message) => {
    const parsed = parsePolicy(text, 'p.yaml');
    expect(parsed).toMatchObject({
      ok: false,
      faults: [expect.objectContaining({ message: expect.stringContaining(message) })],
    });
  });

  it('and quotes nothing of the file', () => {
    const { text } = changed('lookalike: false', 'lookalike: taro@example.jp');
    expect(JSON.stringify(findings(text))).not.toContain('taro');
  });
});

it('reads any text without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parsePolicy(text, 'p.yaml').ok).toBe(false);
    }),
  );
});

it('the JSON Schemas let no unknown field in', () => {
  for (const schema of Object.values(policyJsonSchemas())) {
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  }
});
