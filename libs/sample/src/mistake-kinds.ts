import { DAY, type Instant, type Json } from '@kyoka/kernel';
import type { ParkReason } from '@kyoka/contracts';
import type { Damage, SampleEvent } from './events.js';
import type { SampleRecord } from './people.js';
import { POLICY } from './policy.js';
import { UNKNOWN_TYPE, type PublisherName } from './publishers.js';
import { tokyoTime } from './time.js';

export type Bag = Readonly<Record<string, Json>>;

/** One kind of thing that goes wrong, how often, and how it ends. */
export interface Mistake {
  readonly times: number;
  readonly type: string;
  readonly data: (record: SampleRecord, number: string, now: Instant) => Json;
  readonly outcome: SampleEvent['expected']['outcome'];
  readonly reason?: ParkReason;
  readonly publisher?: PublisherName | 'http';
  readonly source?: string;
  readonly damage?: Damage;
}

export const subjectOf = ({ source, ref }: SampleRecord) => ({ source, ref });

const grant = (record: SampleRecord, number: string, now: Instant): Bag => ({
  subject: subjectOf(record),
  category: record.category,
  purpose: 'info_support',
  channels: ['email'],
  occurredAt: tokyoTime(now - 30 * DAY),
  policyVersion: POLICY,
  evidence: { id: `ev-mistake-${number}`, actor: 'subject', form: 'mypage-preferences' },
});
const grantWith =
  (change: (now: Instant) => Bag): Mistake['data'] =>
  (record, number, now) => ({ ...grant(record, number, now), ...change(now) });
const grantWithout =
  (field: string): Mistake['data'] =>
  (record, number, now) =>
    Object.fromEntries(Object.entries(grant(record, number, now)).filter(([key]) => key !== field));

const stop = (record: SampleRecord, number: string, now: Instant): Bag => ({
  subject: subjectOf(record),
  scope: { purposes: ['*'], channels: ['*'] },
  occurredAt: tokyoTime(now - 20 * DAY),
  evidence: { id: `ev-mistake-${number}`, actor: 'subject', method: 'phone' },
});
const stopWith =
  (change: (now: Instant) => Bag): Mistake['data'] =>
  (record, number, now) => ({ ...stop(record, number, now), ...change(now) });

const registration: Mistake['data'] = (record, _number, now) => ({
  subject: subjectOf(record),
  category: record.category,
  contacts: record.contacts,
  occurredAt: tokyoTime(now - 10 * DAY),
  policyVersion: POLICY,
});
const order = (record: SampleRecord, number: string, now: Instant, quantity: number): Bag => ({
  subject: subjectOf(record),
  category: record.category,
  order: {
    ref: `mistake-${number}`,
    at: tokyoTime(now - 15 * DAY),
    items: [{ sku: 'serum-30', category: 'skin_care', quantity, yen: 3980 }],
  },
});

export const parked = (reason: ParkReason) => ({ outcome: 'parked', reason }) as const;
const forged = parked('unauthenticated');

/** Everything that goes wrong on the way, once a kind. */
export const MISTAKES: readonly Mistake[] = [
  // what a publisher's bug produces
  { times: 4, type: 'consent.granted', data: grantWithout('subject'), ...parked('malformed') },
  {
    times: 3,
    type: 'consent.granted',
    data: grantWith(() => ({ purpose: '*' })),
    ...parked('malformed'),
  },
  {
    times: 3,
    type: 'consent.granted',
    data: grantWith(() => ({ occurredAt: '2026/10/01 10:00' })),
    ...parked('malformed'),
  },
  {
    times: 3,
    type: 'order.placed',
    data: (record, number, now) => order(record, number, now, 0),
    ...parked('malformed'),
  },
  {
    times: 3,
    type: 'suspension.requested',
    data: stopWith(() => ({ scope: 'all' })),
    ...parked('stop_widened'),
  },
  {
    times: 2,
    type: 'consent.withdrawn',
    data: grantWith(() => ({ channels: ['email', 'fax'] })),
    ...parked('stop_widened'),
  },
  {
    times: 2,
    type: 'consent.withdrawn',
    data: grantWith(() => ({ purpose: 'newsletter' })),
    ...parked('stop_widened'),
  },
  {
    times: 12,
    type: UNKNOWN_TYPE,
    data: (record) => ({ subject: subjectOf(record) }),
    outcome: 'skipped',
  },
  {
    times: 4,
    type: 'customer.registered',
    data: registration,
    damage: 'contact_in_clear',
    ...parked('contact_not_sealed'),
  },
  {
    times: 3,
    type: 'customer.registered',
    data: registration,
    damage: 'contact_sealed_for_another_event',
    ...parked('contact_unreadable'),
  },
  // what no policy knows
  {
    times: 2,
    type: 'consent.granted',
    data: grantWith(() => ({ purpose: 'newsletter' })),
    ...parked('unknown_purpose'),
  },
  {
    times: 2,
    type: 'consent.granted',
    data: grantWith(() => ({ policyVersion: 'almado@9' })),
    ...parked('unknown_policy'),
  },
  {
    times: 2,
    type: 'consent.granted',
    data: grantWith(() => ({ category: 'vip' })),
    ...parked('unknown_category'),
  },
  {
    times: 2,
    type: 'consent.granted',
    data: grantWith(() => ({ purpose: 'ad_matching', channels: ['ads'], recipient: 'nobody' })),
    ...parked('unknown_recipient'),
  },
  // clocks that are wrong, or made wrong
  {
    times: 4,
    type: 'consent.granted',
    data: grantWith((now) => ({ occurredAt: tokyoTime(now + 2 * DAY) })),
    ...parked('dated_ahead'),
  },
  {
    times: 2,
    type: 'suspension.requested',
    data: stopWith((now) => ({ occurredAt: tokyoTime(now + 2 * DAY) })),
    outcome: 'accepted',
  },
  // what somebody without the right key tries
  { times: 3, type: 'consent.granted', data: grant, damage: 'mac_missing', ...forged },
  { times: 4, type: 'consent.granted', data: grant, damage: 'mac_wrong', ...forged },
  { times: 3, type: 'consent.granted', data: grant, damage: 'changed_after_signing', ...forged },
  { times: 3, type: 'suspension.requested', data: stop, damage: 'unknown_key', ...forged },
  {
    times: 5,
    type: 'consent.granted',
    data: grant,
    publisher: 'malls',
    source: 'mall.rakuten',
    ...forged,
  },
  {
    times: 3,
    type: 'order.placed',
    data: (record, number, now) => order(record, number, now, 1),
    publisher: 'malls',
    ...forged,
  },
  // over HTTP
  {
    times: 3,
    type: 'consent.granted',
    data: grantWithout('occurredAt'),
    publisher: 'http',
    outcome: 'refused',
  },
  {
    times: 1,
    type: UNKNOWN_TYPE,
    data: (record) => ({ subject: subjectOf(record) }),
    publisher: 'http',
    outcome: 'skipped',
  },
  {
    times: 1,
    type: 'suspension.requested',
    data: stopWith(() => ({ scope: null })),
    publisher: 'http',
    ...parked('stop_widened'),
  },
];
