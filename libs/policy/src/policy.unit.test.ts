import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy, parsePolicySet, policyDiff, policyJsonSchemas } from './index.js';

const DEPLOY = join(import.meta.dirname, '../../../deploy');

const read = (folder: string) =>
  readdirSync(join(DEPLOY, folder)).map((name) => ({
    name,
    text: readFileSync(join(DEPLOY, folder, name), 'utf8'),
  }));

const files = {
  policies: read('policies'),
  contracts: read('source-contracts'),
  legal: read('legal'),
};
const almado = readFileSync(join(DEPLOY, 'policies/almado.yaml'), 'utf8');
const deployed = parsePolicySet(files);
const around = deployed.ok ? deployed.set : undefined;

/** ALMADO's file with one passage changed, and the line on which the change stands. */
function changed(from: string, to: string): { text: string; line: number } {
  const at = almado.indexOf(from);
  if (at < 0 || almado.includes(from, at + 1)) throw new Error(`not exactly once: ${from}`);
  const text = almado.replace(from, () => to);
  return { text, line: text.slice(0, at).split('\n').length };
}

const findings = (text: string) => {
  const parsed = parsePolicy(text, 'p.yaml', around);
  return parsed.ok ? parsed.warnings : parsed.faults;
};

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

describe('what contradicts itself or the rest of the set', () => {
  it.each([
    [
      'the ad matching purpose is no marketing',
      'ad_matching:\n  purpose: ad_matching',
      'ad_matching:\n  purpose: order',
      'error',
      '/ad_matching/purpose',
    ],
    [
      'marketing for people who are not to be marketed to',
      '{ category: [member, non_member], purpose: ad_matching',
      '{ category: [member, shareholder], purpose: ad_matching',
      'error',
      '/grants/4/category/1',
    ],
    [
      'a purpose granted twice',
      '{ category: [member], purpose: campaign_ops',
      '{ category: [member], purpose: member_service',
      'error',
      '/grants/6/category/0',
    ],
    [
      'a purpose that nobody has',
      '{ category: [member], purpose: campaign_ops',
      '{ category: [non_member], purpose: member_service',
      'warning',
      '/purposes/6/id',
    ],
    [
      'a channel on which nothing says what marketing rests on',
      'dm: opt_out, ',
      '',
      'warning',
      '/grants/1/channels/1',
    ],
    [
      'an unknown legal pack',
      'legal_pack: jp-2022',
      'legal_pack: jp-1',
      'error',
      '/policy/legal_pack',
    ],
    [
      'an id that the law gives to a duty',
      '  - id: info_support\n    kind',
      '  - id: leak_notice\n    kind',
      'error',
      '/purposes/2/id',
    ],
    [
      'a source without a contract',
      '{ id: mall.yahoo,',
      '{ id: mall.qoo,',
      'warning',
      '/sources/13/id',
    ],
    [
      'email without consent',
      '{ email: opt_in,',
      '{ email: opt_out,',
      'warning',
      '/channel_defaults/email',
    ],
    [
      'matching as entrusted work',
      'bases: [consent]',
      'bases: [consent, processor]',
      'warning',
      '/ad_matching/bases/1',
    ],
    [
      'reviews rarer than the law asks',
      'review_months: 12',
      'review_months: 24',
      'warning',
      '/processors/review_months',
    ],
    [
      'no notice at acquisition',
      'consent_at_acquisition: notice',
      'consent_at_acquisition: none',
      'warning',
      '/consent_at_acquisition',
    ],
    [
      'forms read before the notice',
      'notice_before_typing: true',
      'notice_before_typing: false',
      'warning',
      '/form_abandoned/notice_before_typing',
    ],
  ])('%s', (_, from, to, severity, path) => {
    expect(findings(changed(from, to).text)).toContainEqual(
      expect.objectContaining({ severity, path }),
    );
  });

  it('two files of one id and version', () => {
    const twice = [...files.policies, { name: 'copy.yaml', text: almado }];
    expect(parsePolicySet({ ...files, policies: twice })).toMatchObject({
      ok: false,
      faults: [{ file: 'copy.yaml', message: 'another file defines the same id and version' }],
    });
  });
});

it('reads any text without throwing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parsePolicy(text, 'p.yaml').ok).toBe(false);
    }),
  );
});

describe('the difference of two versions', () => {
  const policyOf = (text: string) => {
    const parsed = parsePolicy(text, 'p.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    return parsed.policy;
  };
  const NONE = { gained: [], lost: [] };

  it('of a policy to itself is nothing, whatever the order inside the files', () => {
    const policy = policyOf(almado);
    const turned = {
      ...policy,
      grants: policy.grants.toReversed(),
      purposes: policy.purposes.toReversed(),
    };
    expect(policyDiff(policy, turned)).toEqual({ grants: NONE, purposes: NONE, recipients: NONE });
  });

  it('names what is gained and lost, and turned round the opposite', () => {
    const older = policyOf(almado);
    const newer = policyOf(
      changed(
        '{ category: [member, non_member], purpose: ad_matching',
        '{ category: [member], purpose: ad_matching',
      ).text.replace('{ id: ly, groups', '{ id: x, groups'),
    );
    const difference = policyDiff(older, newer);
    expect(difference).toEqual({
      grants: {
        gained: [],
        lost: [{ category: 'non_member', purpose: 'ad_matching', channel: 'ads' }],
      },
      purposes: NONE,
      recipients: { gained: ['x'], lost: ['ly'] },
    });
    const back = policyDiff(newer, older);
    expect(back.grants).toEqual({ gained: difference.grants.lost, lost: [] });
    expect(back.recipients).toEqual({ gained: ['ly'], lost: ['x'] });
  });
});

it('the JSON Schemas let no unknown field in', () => {
  for (const schema of Object.values(policyJsonSchemas())) {
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  }
});
