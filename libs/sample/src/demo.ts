import { DAY, type Instant } from '@kyoka/kernel';
import type { Journal } from './events.js';
import { POLICY } from './policy.js';
import { tokyoTime } from './time.js';

/** The person whose suspension is carried to its end: held by both networks, sharing nothing with anybody. */
export const DEMO_PERSON = { source: 'store', ref: 'c-demo' } as const;
export const DEMO_CONTACTS = [
  { kind: 'email', value: 'michi.demo@mail.example.jp' },
  { kind: 'phone', value: '070-1357-2468' },
] as const;

export function addDemoPerson(journal: Journal, now: Instant): void {
  const since = now - 300 * DAY;
  const about = { subject: DEMO_PERSON, category: 'member' };
  const base = { publisher: 'shop', source: 'store' } as const;
  journal.add({
    ...base,
    type: 'customer.registered',
    at: since,
    data: {
      ...about,
      contacts: [...DEMO_CONTACTS],
      occurredAt: tokyoTime(since),
      policyVersion: POLICY,
      noticeShownAt: tokyoTime(since - 60_000),
    },
  });
  for (const recipient of ['google', 'meta']) {
    journal.add({
      ...base,
      type: 'consent.granted',
      at: since + 10_000,
      data: {
        ...about,
        purpose: 'ad_matching',
        channels: ['ads'],
        recipient,
        occurredAt: tokyoTime(since + 5_000),
        policyVersion: POLICY,
        evidence: {
          id: `ev-demo-${recipient}`,
          actor: 'subject',
          method: 'checkbox',
          form: 'ads-consent',
          wordingVersion: '3',
          noticeShownAt: tokyoTime(since),
        },
      },
    });
  }
  journal.add({
    ...base,
    type: 'adsswitch.changed',
    at: since + 20_000,
    data: {
      subject: DEMO_PERSON,
      state: 'on',
      occurredAt: tokyoTime(since + 15_000),
      evidence: { id: 'ev-demo-switch', actor: 'subject', form: 'mypage-ads-switch' },
    },
  });
  // Two orders of skin care in the last 180 days, none in the last 90: in both sample audiences.
  for (const days of [150, 120]) {
    const at = now - days * DAY;
    journal.add({
      ...base,
      type: 'order.placed',
      at: at + 60_000,
      data: {
        ...about,
        order: {
          ref: `demo-${days}`,
          at: tokyoTime(at),
          items: [{ sku: 'serum-30', category: 'skin_care', quantity: 1, yen: 3980 }],
        },
        policyVersion: POLICY,
      },
    });
  }
  // Somebody without a key tries to stop them, and fails.
  journal.add({
    ...base,
    type: 'suspension.requested',
    at: now - DAY,
    damage: 'mac_wrong',
    data: {
      subject: DEMO_PERSON,
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: tokyoTime(now - DAY),
    },
    expected: { outcome: 'parked', reason: 'unauthenticated' },
  });
}
