import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPage } from '@kyoka/pages';
import { parsePolicySet, type Policy, policyKey } from '@kyoka/policy';
import { h } from 'preact';
import { describe, expect, it } from 'vitest';
import { PolicyPage } from './views/policy-page.js';

const DEPLOY = join(import.meta.dirname, '../../../../deploy');
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
const { set } = parsed;

function pageOf(policy: Policy): string {
  const legal = set.legal.get(policy.policy.legal_pack);
  if (!legal) throw new Error('no legal pack');
  const key = policyKey(policy);
  const versions = [{ key, policy, inForce: true, readable: true, since: '2026-01-01T00:00:00Z' }];
  const shown = { key, policy, legal, text: undefined, countries: new Map(), versions };
  return renderPage(h(PolicyPage, { lang: 'en', path: `/policy/${policy.policy.id}`, shown }));
}

type Part = Extract<
  keyof Policy,
  | 'ad_matching'
  | 'anonymised'
  | 'controller'
  | 'cookies'
  | 'optional_entry'
  | 'retention'
  | 'rights'
  | 'safety_measures'
  | 'statements'
>;
const CHANGES = 'policy';

/** What the page of a policy has to hold for a requirement, and the part of the file that it is from. */
const SHOWN: readonly (readonly [string, string, Part | typeof CHANGES, readonly string[]])[] = [
  ['ALMADO-21', 'almado@1', 'cookies', ['pages viewed, order of browsing, name, phone number']],
  ['ALMADO-34', 'almado@1', 'cookies', ['functions such as staying signed in then stop']],
  ['ALMADO-35', 'almado@1', 'cookies', ['own ads to visitors', 'to people who leave the site']],
  ['ALMADO-36', 'almado@1', 'ad_matching', ['https://accountscenter.facebook.com/ad_preferences/']],
  ['ALMADO-45', 'almado@1', 'ad_matching', ['https://myadcenter.google.com/', 'LINE Yahoo']],
  ['ALMADO-55', 'almado@1', 'rights', ['500 yen', 'postal money order']],
  ['ALMADO-56', 'almado@1', 'rights', ['you get it by post, fax, email']],
  ['ALMADO-57', 'almado@1', 'rights', ['you pay it']],
  ['ALMADO-58', 'almado@1', 'rights', ['in writing. By law you may choose an electronic answer']],
  ['ALMADO-68', 'almado@1', 'controller', ['Head of Administration', '+81-3-4334-1122']],
  ['ALMIGO-19', 'almigo@1', 'rights', ['1,000 yen']],
  ['ALMIGO-23', 'almigo@1', CHANGES, ['by posting the new text']],
  ['ALMIGO-24', 'almigo@1', 'controller', ['info@almigo.jp', 'Toru Takeuchi']],
  ['LOVEINN-08', 'loveinn@1', 'retention', ['no term is set; it is erased when it is no longer']],
  ['LOVEINN-15', 'loveinn@1', 'optional_entry', ['entry is voluntary']],
  ['LOVEINN-16', 'loveinn@1', 'controller', ['ALMEX Inc.</']],
  ['ALLM-12', 'allm@1', 'anonymised', ['electronic statements of medical expenses', 'related to']],
  ['ALLM-14', 'allm@1', 'anonymised', ['e-mail', 'DVD', 'download', 'upload to servers']],
  ['ALLM-18', 'allm@1', 'rights', ['you may simply ask the service that you use']],
  ['ALLM-19', 'allm@1', 'rights', ['name, address, phone number, place of work, position']],
  ['ALLM-21', 'allm@1', 'rights', ['Contains disclosure request documents', 'not possible']],
  ['ALLM-22', 'allm@1', 'rights', ['one of: certificate of residence, certificate of insurance']],
  ['ALLM-23', 'allm@1', 'rights', ['registered seal', 'no older than 3 months']],
  ['ALLM-24', 'allm@1', 'rights', ['1,000 yen', 'postage stamps', 'not, also if we refuse']],
  ['ALLM-26', 'allm@1', 'rights', ['at least 14 days as the text says; by law without delay']],
  ['ALLM-31', 'allm@1', 'safety_measures', ['basic policy', 'environment abroad']],
  ['ALLM-32', 'allm@1', 'optional_entry', ['without it answers and services may not be possible']],
  ['ALLM-34', 'allm@1', CHANGES, ['by posting the new text', '4 Jan 2006', '24 Dec 2024']],
  ['ALLM-35', 'allm@1', 'controller', ['Teppei Sakano', 'Kenji Ueki', 'Shibuya Mark City']],
  ['AGREE-03', 'agreement@1', CHANGES, ['on the website']],
  ['AGREE-04', 'agreement@1', 'statements', ['strict management without leaks']],
  ['AGREE-09', 'agreement@1', 'statements', ['the agreement changes where needed']],
];

const policyOf = (key: string): Policy => {
  const policy = set.policies.get(key);
  if (!policy) throw new Error(`no policy ${key}`);
  return policy;
};

/** The policy without the part, as a text that is silent of it. */
function without(policy: Policy, part: Part | typeof CHANGES): Policy {
  if (part === 'retention') return { ...policy, retention: null };
  if (part !== CHANGES) return { ...policy, [part]: undefined };
  const { change_notice: _notice, enacted: _enacted, ...head } = policy.policy;
  return { ...policy, policy: { ...head, text_date: null } };
}

describe('the page of a policy', () => {
  it.each(SHOWN)('shows what %s asks, from the file', (_, key, part, words) => {
    const page = pageOf(policyOf(key));
    expect(words.filter((one) => !page.includes(one))).toEqual([]);
    const silent = pageOf(without(policyOf(key), part));
    expect(words.every((one) => silent.includes(one))).toBe(false);
  });
});
