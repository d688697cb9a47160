import {
  CHANNEL_CONTACT,
  type Channel,
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  type Json,
} from '@kyoka/kernel';
import type { Draft } from '../intake/harness.js';
import type { Random } from '../everybody/random.js';

/** Few enough that people share contact points, some of them written in two ways that fold to one. */
const VALUES = {
  email: [
    ...Array.from({ length: 30 }, (_, n) => `person${n}@example.jp`),
    'someone.else@gmail.com',
    'someoneelse+shop@gmail.com',
    '0123abc@rakuten.ne.example',
  ],
  phone: ['090-1234-5601', '090-1234-5602', '03-3334-0100', '12'],
  line: ['U00000000000000000000000000000001', 'U00000000000000000000000000000002'],
  postal: ['東京都千代田区丸の内1-1-1', '大阪府大阪市北区梅田1-1-1'],
} as const;

export const REFS = Array.from({ length: 24 }, (_, n) => `p${n}`);

type Data = { readonly [field: string]: Json };

/** One random event that arrives now and tells of a moment from long before to a little after. */
export function randomEvent(random: Random, id: string, now: Instant): Draft {
  const what = random.weighted({
    'consent.granted': 40,
    'consent.withdrawn': 6,
    'contact.confirmed': 5,
    'suspension.requested': 3,
    'suspension.lifted': 6,
    'erasure.requested': 0.5,
    'adsswitch.changed': 10,
    'membership.cancelled': 3,
    'order.placed': 10,
    'order.cancelled': 2,
    'customer.registered': 20,
    'delivery.bounced': 3,
    'delivery.complained': 2,
    'line.followed': 3,
    'line.unfollowed': 3,
    'delivery.returned': 3,
  });
  return { type: what, id, data: dataOf(what, new Words(random, id, now)) };
}

/** What a new member of the store does first, now. */
export function welcome(ref: string, now: Instant): Draft[] {
  const subject = { source: 'store', ref };
  const at = formatInstant(now);
  const told = { subject, occurredAt: at, category: 'member', policyVersion: 'almado@1' };
  const contacts = [{ kind: 'email', value: `${ref}@example.jp`, confirmedAt: at }];
  const evidence = { id: `ev-${ref}`, actor: 'subject', noticeShownAt: at };
  return [
    { type: 'customer.registered', id: `r-${ref}`, data: { ...told, contacts, noticeShownAt: at } },
    {
      type: 'consent.granted',
      id: `n-${ref}`,
      data: { ...told, purpose: 'info_product', channels: ['email'], evidence },
    },
    {
      type: 'consent.granted',
      id: `g-${ref}`,
      data: { ...told, purpose: 'ad_matching', channels: ['ads'], recipient: 'google', evidence },
    },
    { type: 'adsswitch.changed', id: `a-${ref}`, data: { subject, state: 'on', occurredAt: at } },
  ];
}

/** The words that an event may be made of. */
class Words {
  readonly random: Random;
  readonly id: string;
  /** When the person acted, as the event says. */
  readonly occurredAt: string;

  constructor(random: Random, id: string, now: Instant) {
    this.random = random;
    this.id = id;
    const before = random.weighted({ short: 5, long: 4, ahead: 1 });
    const ago = {
      short: random.between(0, 2 * DAY),
      long: random.between(0, 400 * DAY),
      ahead: -60_000,
    };
    this.occurredAt = formatInstant(now - ago[before]);
  }

  subject = (): Json => ({
    source: this.random.chance(0.85) ? 'store' : 'mall.rakuten',
    ref: this.random.one(REFS),
  });

  contacts(most: number, kind?: Channel): Json[] {
    return Array.from({ length: this.random.between(most > 1 ? 0 : 1, most) }, () => {
      const of =
        (kind && CHANNEL_CONTACT[kind]) ??
        this.random.one(['email', 'email', 'phone', 'line', 'postal']);
      const confirmed = this.random.chance(0.3) && { confirmedAt: this.occurredAt };
      return { kind: of, value: this.random.one(VALUES[of]), ...confirmed };
    });
  }

  /** By a subject, by contact points, or by both. */
  reached(): Data {
    const by = this.random.weighted({ subject: 6, contacts: 2, both: 2 });
    return {
      ...(by !== 'contacts' && { subject: this.subject() }),
      ...(by !== 'subject' && { contacts: this.contacts(1) }),
    };
  }

  evidence(): Data {
    const confirmed = { by: 'session', at: this.occurredAt };
    return {
      id: `ev-${this.id}`,
      actor: this.random.weighted({ subject: 8, guardian: 1, operator: 1 }),
      ...(this.random.chance(0.5) && { confirmed }),
      ...(this.random.chance(0.7) && { noticeShownAt: this.occurredAt }),
    };
  }

  scope = (): Json => ({
    purposes: [this.random.one(['*', 'info_product', 'ad_matching', 'personalise'])],
    channels: [this.random.one(['*', 'email', 'sms', 'ads'])],
  });

  acquired = (): Data => ({
    ...(this.random.chance(0.9) && { policyVersion: 'almado@1' }),
    ...(this.random.chance(0.9) && { noticeShownAt: this.occurredAt }),
  });
}

const member = (subject: Json): string =>
  (subject as { source: string }).source === 'store' ? 'member' : 'mall_customer';

function dataOf(what: string, words: Words): Data {
  const { random, occurredAt } = words;
  const subject = words.subject();
  const acted = { ...words.reached(), occurredAt, evidence: words.evidence() };
  const bought = [{ sku: 's1', category: 'jewellery', quantity: 1, yen: 12_000 }];
  switch (what) {
    case 'consent.granted':
    case 'consent.withdrawn': {
      const ads = random.chance(0.4);
      const recipient = random.one(['google', 'ad_networks']);
      const use = ads
        ? { purpose: 'ad_matching', channels: ['ads'], recipient }
        : {
            purpose: 'info_product',
            channels: [random.one(['email', 'email', 'sms', 'line', 'dm'])],
          };
      return what === 'consent.withdrawn'
        ? { ...acted, ...use }
        : {
            ...use,
            subject,
            category: member(subject),
            contacts: words.contacts(3),
            occurredAt,
            policyVersion: 'almado@1',
            ...(random.chance(0.95) && { evidence: words.evidence() }),
          };
    }
    case 'contact.confirmed':
      return {
        subject,
        contacts: words.contacts(1),
        occurredAt,
        confirmed: { by: 'session', at: occurredAt },
      };
    case 'suspension.requested':
    case 'suspension.lifted':
      return { ...acted, scope: words.scope() };
    case 'adsswitch.changed':
      return { subject, state: random.chance(0.75) ? 'on' : 'off', occurredAt };
    case 'membership.cancelled':
      return { subject, occurredAt };
    case 'order.placed':
      return {
        subject,
        category: random.chance(0.8) ? member(subject) : 'non_member',
        contacts: words.contacts(2),
        order: { ref: `o-${words.id}`, at: occurredAt, items: bought },
        ...words.acquired(),
      };
    case 'order.cancelled':
      return { subject, order: { ref: `o-e${random.between(0, 60)}` }, occurredAt };
    case 'customer.registered':
      return {
        subject,
        category: member(subject),
        contacts: words.contacts(3),
        occurredAt,
        ...words.acquired(),
      };
    case 'delivery.bounced':
      return { ...acted, channel: 'email', bounce: random.chance(0.8) ? 'hard' : 'soft' };
    case 'delivery.complained':
      return { ...acted, channel: random.one(['email', 'sms']) };
    default:
      return acted;
  }
}

/** Whether an event tells of a moment well before it arrives. */
export const isLate = ({ data }: Draft, now: Instant): boolean => {
  const { occurredAt, order } = data as { occurredAt?: string; order?: { at?: string } };
  return Date.parse(occurredAt ?? order?.at ?? '') < now - 12 * HOUR;
};
