import type { Json } from '@kyoka/kernel';
import { decidePersons, findSubjects, readPolicySet } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, plain } from './harness.js';

let harness: Harness;
let policies: PolicySet;
beforeAll(async () => {
  harness = await openHarness();
  policies = await readPolicySet('deploy');
});
afterAll(() => harness.close());

let ids = 0;
const at = '2026-11-02T09:00:00+09:00';
const take = (type: string, ref: string, data: { readonly [name: string]: Json }) => {
  ids += 1;
  const subject = { source: 'store', ref };
  return harness.intake.ingest([
    plain({ type, id: `r${ids}`, data: { subject, occurredAt: at, ...data } }),
  ]);
};
const mail = (value: string) => ({ contacts: [{ kind: 'email', value }] });

/** Somebody with one address who wants the newsletter. */
const granted = (ref: string, email = `${ref}@example.jp`) =>
  take('consent.granted', ref, {
    ...mail(email),
    category: 'member',
    purpose: 'info_product',
    channels: ['email'],
    policyVersion: 'almado@1',
    evidence: { id: `ev-${ref}`, actor: 'subject', noticeShownAt: at },
  });

/** Tokens of the addresses that the newsletter may go to. */
async function usable(ref: string): Promise<string[]> {
  const [found = []] = await findSubjects(harness.db, [{ source: 'store', ref }]);
  const request = {
    purpose: 'info_product',
    channel: 'email',
    contentOwner: 'own',
    actor: 'user:sato',
    use: { from: '2026-11-01', to: '2026-11-30', users: ['user:sato'] },
  } as const;
  const question = { policy: 'almado@1', at: NOW, request };
  const [decision] = await decidePersons(harness.db, policies, question, found);
  return (decision?.contacts ?? []).map(({ token }) => token.toString('hex')).sort();
}
const token = (email: string) => harness.vault.token('email', email).toString('hex');

describe('a contact point that came with what supplies none', () => {
  it.each<[string, string, { readonly [name: string]: Json }]>([
    ['soft', 'delivery.bounced', { channel: 'email', bounce: 'soft' }],
    ['line', 'line.unfollowed', {}],
    ['sms', 'delivery.complained', { channel: 'sms' }],
    ['loose', 'delivery.returned', { occurredAt: 'some day' }],
    ['switch', 'adsswitch.changed', { state: 'on' }],
  ])('is never one to send to: %s', async (ref, type, more) => {
    await granted(ref);
    await take(type, ref, { ...mail(`${ref}.other@example.jp`), ...more });
    expect(await usable(ref)).toEqual([token(`${ref}@example.jp`)]);
  });

  it('serves the reach of stops all the same', async () => {
    await granted('other', 'shared@example.jp');
    await granted('reaching');
    const feedback = { ...mail('shared@example.jp'), channel: 'sms' };
    await take('delivery.complained', 'reaching', feedback);
    await take('suspension.requested', 'reaching', {
      scope: { purposes: ['*'], channels: ['*'] },
    });
    expect(await usable('other')).toEqual([]);
  });

  it('may be used once the person gives it, in either order', async () => {
    await granted('later');
    const feedback = { ...mail('later.other@example.jp'), channel: 'sms' };
    const registration = { ...mail('later.other@example.jp'), category: 'member' };
    await take('delivery.complained', 'later', feedback);
    await take('customer.registered', 'later', registration);
    const both = [token('later@example.jp'), token('later.other@example.jp')].sort();
    expect(await usable('later')).toEqual(both);
    await take('delivery.complained', 'later', { ...feedback, occurredAt: '2026-11-03T09:00:00Z' });
    expect(await usable('later')).toEqual(both);
  });

  it('control: one that a registration gives is one to send to', async () => {
    await granted('given');
    const registration = { ...mail('given.other@example.jp'), category: 'member' };
    await take('customer.registered', 'given', registration);
    expect(await usable('given')).toHaveLength(2);
  });
});
