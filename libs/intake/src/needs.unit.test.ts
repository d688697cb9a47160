import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parsePolicySet } from '@kyoka/policy';
import { describe, expect, it } from 'vitest';
import { lackOf, needsOfSources, needsOfVersions, versionKey } from './needs.js';

const DEPLOY = join(import.meta.dirname, '../../../deploy');
const read = (folder: string, end: string) =>
  readdirSync(join(DEPLOY, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => ({ name, text: readFileSync(join(DEPLOY, folder, name), 'utf8') }));
const parsed = parsePolicySet({
  policies: read('policies', '.yaml'),
  contracts: read('source-contracts', '.yaml'),
  legal: read('legal', '.yaml'),
  texts: read('policies/texts', '.txt').map((one) => ({
    ...one,
    sha256: createHash('sha256').update(one.text).digest('hex'),
  })),
});
if (!parsed.ok) throw new Error('the deployed files have errors');
const sources = needsOfSources(parsed.set);
const versions = needsOfVersions(parsed.set);

const registration = {
  category: 'user',
  contacts: [{}],
  occurredAt: '2026-11-20T09:12:33+09:00',
  noticeShownAt: '2026-11-20T09:10:00+09:00',
};
const lacking = (source: string, policyVersion: string, more: object) =>
  lackOf(
    { ...registration, policyVersion, ...more },
    (version) =>
      new Set([
        ...(sources.get(source) ?? []),
        ...(versions.get(versionKey(version ?? '', source)) ?? []),
      ]),
  )?.fault.field;

describe('a policy that takes data in by consent only', () => {
  it.each(['allm@1', 'agreement@1'])('%s lets nobody in without a consent', (version) => {
    expect(lacking('direct', version, {})).toBe('data.consentReference');
    expect(lacking('direct', version, { consentReference: 'k-1' })).toBeUndefined();
  });

  it.each(['allm@1', 'agreement@1'])('%s asks for the notice before it', (version) => {
    const late = { consentReference: 'k-1', noticeShownAt: '2026-11-20T09:13:00+09:00' };
    expect(lacking('direct', version, late)).toBe('data.noticeShownAt');
  });

  it('is not a policy that gives notice', () => {
    expect(lacking('direct', 'almigo@1', {})).toBeUndefined();
  });
});

describe('what somebody else supplies', () => {
  it.each([
    ['a business partner', 'partner', 'almigo@1'],
    ['a recruitment agency', 'recruitment_agency', 'allm@1'],
    ['a third party', 'third_party', 'almado@1'],
  ])('%s: needs its reference to a consent', (_, source, version) => {
    expect(lacking(source, version, {})).toBe('data.consentReference');
    expect(lacking(source, version, { consentReference: 'k-1' })).toBeUndefined();
  });
});
