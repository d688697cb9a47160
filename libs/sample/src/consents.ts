import { DAY, type Instant } from '@kyoka/kernel';
import type { Journal } from './events.js';
import type { Person, SampleRecord } from './people.js';
import { POLICY } from './policy.js';
import { tokyoTime } from './time.js';

/** Consents that a form of the store asks for, each as likely as `chance`. */
const OFFERED = [
  { purpose: 'info_product', channels: ['email'], chance: 0.5, form: 'checkout-optin' },
  { purpose: 'info_product', channels: ['sms'], chance: 0.22, form: 'checkout-optin' },
  { purpose: 'info_product', channels: ['line'], chance: 0.5, form: 'line-link', needs: 'line' },
  { purpose: 'info_support', channels: ['email'], chance: 0.12, form: 'mypage-preferences' },
  { purpose: 'personalise', channels: ['email', 'sms'], chance: 0.15, form: 'mypage-preferences' },
  {
    purpose: 'ad_matching',
    channels: ['ads'],
    recipient: 'google',
    chance: 0.34,
    form: 'ads-consent',
  },
  {
    purpose: 'ad_matching',
    channels: ['ads'],
    recipient: 'meta',
    chance: 0.3,
    form: 'ads-consent',
  },
  {
    purpose: 'ad_matching',
    channels: ['ads'],
    recipient: 'ad_networks',
    chance: 0.12,
    form: 'ads-consent',
  },
] as const;

type Offer = (typeof OFFERED)[number];

/**
 * What a person at the store granted, withdrew and granted again, and their ads switch. Some grants come
 * from an older system without evidence; these allow nothing.
 */
export function addConsents(
  journal: Journal,
  person: Person,
  record: SampleRecord,
  now: Instant,
): void {
  const { random } = person;
  const granted = OFFERED.filter(
    (offer) =>
      random.chance(offer.chance) &&
      (!('needs' in offer) || record.contacts.some(({ kind }) => kind === offer.needs)),
  );
  for (const [index, offer] of granted.entries()) {
    const act = actsOf(journal, record, offer, `${person.number}-${index}`);
    const first = record.since + index * 1000;
    if (random.chance(0.07)) {
      act.imported(first, random.chance(0.5));
      continue;
    }
    act.granted(first, 1);
    if (!random.chance(0.13)) continue;
    const left = between(random.next(), first, now);
    act.withdrawn(left, 2);
    if (random.chance(0.35)) act.granted(between(random.next(), left, now), 3);
  }
  addSwitch(
    journal,
    person,
    record,
    now,
    granted.some(({ purpose }) => purpose === 'ad_matching'),
  );
}

const between = (share: number, from: Instant, to: Instant): Instant =>
  from + Math.floor(((to - from) * share) / 1000) * 1000;

function actsOf(journal: Journal, record: SampleRecord, offer: Offer, number: string) {
  const about = {
    subject: { source: record.source, ref: record.ref },
    category: record.category,
    purpose: offer.purpose,
    channels: offer.channels,
    ...('recipient' in offer && { recipient: offer.recipient }),
    policyVersion: POLICY,
  };
  const evidence = (act: number) => ({
    id: `ev-${number}-${act}`,
    actor: 'subject',
    method: 'checkbox',
  });
  return {
    granted: (at: Instant, act: number) =>
      journal.add({
        publisher: 'shop',
        source: 'store',
        type: 'consent.granted',
        at: at + 3_000,
        data: {
          ...about,
          occurredAt: tokyoTime(at),
          evidence: {
            ...evidence(act),
            form: offer.form,
            wordingVersion: '3',
            noticeShownAt: tokyoTime(at - 30_000),
          },
        },
      }),
    withdrawn: (at: Instant, act: number) =>
      journal.add({
        publisher: 'shop',
        source: 'store',
        type: 'consent.withdrawn',
        at: at + 3_000,
        data: {
          ...about,
          occurredAt: tokyoTime(at),
          evidence: { ...evidence(act), form: 'mypage-preferences' },
        },
      }),
    imported: (at: Instant, withActor: boolean) =>
      journal.add({
        publisher: 'crm',
        source: 'import',
        type: 'consent.granted',
        at: at + DAY,
        data: {
          ...about,
          occurredAt: tokyoTime(at),
          ...(withActor && {
            evidence: { id: `ev-${number}-import`, actor: 'import', method: 'old_system' },
          }),
        },
      }),
  };
}

/** Off until a consent; most who consent leave it on, a few turn it off later, a few never touch it. */
function addSwitch(
  journal: Journal,
  { random }: Person,
  record: SampleRecord,
  now: Instant,
  consented: boolean,
): void {
  const turn = (state: 'on' | 'off', at: Instant) =>
    journal.add({
      publisher: 'shop',
      source: 'store',
      type: 'adsswitch.changed',
      at: at + 2_000,
      data: {
        subject: { source: record.source, ref: record.ref },
        state,
        occurredAt: tokyoTime(at),
        evidence: {
          id: `ev-${record.ref}-switch-${state}`,
          actor: 'subject',
          form: 'mypage-ads-switch',
        },
      },
    });
  if (consented && random.chance(0.9)) {
    turn('on', record.since + 20_000);
    if (random.chance(0.06)) turn('off', between(random.next(), record.since + 60_000, now));
  } else if (random.chance(0.03)) {
    turn('off', between(random.next(), record.since, now));
  }
}
