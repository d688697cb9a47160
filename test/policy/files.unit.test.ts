import { parsePolicy, policyJsonSchemas } from '@kyoka/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { almado, around, changed, deployed, findings } from './almado.js';

it('the deployed files are valid together, and every source of a policy has a contract', () => {
  expect(deployed).toMatchObject({ ok: true });
  expect(around?.policies.get('almado@1')?.policy.title).toContain('ALMADO');
  expect(findings(almado).filter(({ message }) => message.includes('no source contract'))).toEqual(
    [],
  );
});

it('the two points at which ALMADO speaks weaker than the law are warnings that name the floor', () => {
  expect(findings(almado)).toEqual([
    expect.objectContaining({
      path: '/ad_matching/hashed_as',
      severity: 'warning',
      message: expect.stringContaining('APPI Art. 27(1)'),
    }),
    expect.objectContaining({
      path: '/group_use_stated',
      severity: 'warning',
      message: expect.stringContaining('APPI Art. 27(5)(iii)'),
    }),
  ]);
});

describe('an error stands at its field', () => {
  it.each([
    ['retention: null', 'retention: null\nretentoin: null', '/retentoin', 'unknown field', 1],
    ['lookalike: false', 'lookalike: maybe', '/ad_matching/lookalike', 'expected boolean', 0],
    [
      'consent_at_acquisition: notice',
      'consent_at_acquisition: silence',
      '/consent_at_acquisition',
      'expected one of: none, notice',
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
    [
      '{ id: meta, groups: [ad_networks] }',
      '{ id: google, groups: [ad_networks] }',
      '/ad_matching/recipients/1/id',
      'this id is defined twice',
      0,
    ],
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
