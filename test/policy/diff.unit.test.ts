import { parsePolicy, policyDiff } from '@kyoka/policy';
import { describe, expect, it } from 'vitest';
import { almado, changed } from './almado.js';

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
    expect(policyDiff(policy, turned)).toEqual({
      grants: NONE,
      purposes: NONE,
      recipients: NONE,
      channels: NONE,
      clocks: NONE,
    });
  });

  it('names what is gained and lost, and turned round the opposite', () => {
    const older = policyOf(almado);
    const newer = policyOf(
      changed(
        '{ category: [member, non_member], purpose: ad_matching',
        '{ category: [member], purpose: ad_matching',
      ).text.replace('id: ly,', 'id: x,'),
    );
    const difference = policyDiff(older, newer);
    expect(difference).toEqual({
      grants: {
        gained: [],
        lost: [{ category: 'non_member', purpose: 'ad_matching', channel: 'ads' }],
      },
      purposes: NONE,
      recipients: { gained: ['x'], lost: ['ly'] },
      channels: NONE,
      clocks: NONE,
    });
    const back = policyDiff(newer, older);
    expect(back.grants).toEqual({ gained: difference.grants.lost, lost: [] });
    expect(back.recipients).toEqual({ gained: ['ly'], lost: ['x'] });
  });

  it('names channels and clocks', () => {
    const newer = changed('sms: opt_in', 'sms: off').text.replace('keep_days: 30', 'keep_days: 14');
    expect(policyDiff(policyOf(almado), policyOf(newer))).toMatchObject({
      channels: { gained: ['sms off'], lost: ['sms opt_in'] },
      clocks: {
        gained: ['/form_abandoned/keep_days 14'],
        lost: ['/form_abandoned/keep_days 30'],
      },
    });
  });
});
