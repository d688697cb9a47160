import { parsePolicySet } from '@kyoka/policy';
import { describe, expect, it } from 'vitest';
import { almado, changed, findings, files } from './almado.js';

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
      'bases: [consent] # ours: clause 5',
      'bases: [consent, processor] # ours: clause 5',
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
