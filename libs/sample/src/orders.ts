import { DAY, type Instant } from '@kyoka/kernel';
import type { Journal } from './events.js';
import type { Person, SampleRecord } from './people.js';
import { POLICY } from './policy.js';
import type { Random } from './random.js';
import { tokyoTime } from './time.js';

const PRODUCTS = [
  ['skin_care', 'serum-30', 3980],
  ['skin_care', 'gel-120', 2980],
  ['skin_care', 'mask-7', 1980],
  ['supplement', 'membrane-30', 3280],
  ['supplement', 'collagen-60', 2780],
  ['hair_care', 'shampoo-400', 2480],
  ['food', 'soup-12', 1680],
] as const;

/** Registration, orders and cancellations of one record. */
export function addOrders(
  journal: Journal,
  person: Person,
  record: SampleRecord,
  now: Instant,
): void {
  const { random } = person;
  const mall = record.source.startsWith('mall.');
  const about = { subject: { source: record.source, ref: record.ref } };
  if (!mall) {
    journal.add({
      publisher: record.source === 'form_abandoned' ? 'http' : 'shop',
      source: record.source,
      type: 'customer.registered',
      at: record.since + 2_000,
      data: {
        ...about,
        category: record.category,
        contacts: record.contacts,
        occurredAt: tokyoTime(record.since),
        policyVersion: POLICY,
        ...(noticeShown(random, record) && { noticeShownAt: tokyoTime(record.since - 60_000) }),
      },
    });
  }
  if (record.source === 'form_abandoned') return;

  orderTimes(random, record, now).forEach((at, index) => {
    const ref = `${record.ref}-${index + 1}`;
    journal.add({
      publisher: mall ? 'malls' : 'shop',
      source: record.source,
      type: 'order.placed',
      at: at + random.between(1, 600) * 1000,
      data: {
        ...about,
        category: record.category,
        contacts: mall || random.chance(0.3) ? record.contacts : [],
        order: {
          ref,
          at: tokyoTime(at, record.source === 'mall.rakuten' ? '+0900' : '+09:00'),
          items: itemsOf(random),
          ...(mall && random.chance(0.3) && { mallNewsletter: random.chance(0.6) }),
        },
        ...(!mall && { policyVersion: POLICY }),
      },
    });
    if (random.chance(0.03)) {
      journal.add({
        publisher: mall ? 'malls' : 'shop',
        source: record.source,
        type: 'order.cancelled',
        at: Math.min(at + DAY, now),
        data: { ...about, order: { ref }, occurredAt: tokyoTime(Math.min(at + DAY, now) - 30_000) },
      });
    }
  });
}

/** Regular buyers order every month or two up to now, the others now and then since they came. */
function orderTimes(random: Random, record: SampleRecord, now: Instant): Instant[] {
  const regular = random.chance(record.category === 'member' ? 0.3 : 0.08);
  if (regular) {
    const every = random.between(25, 60);
    const last = random.between(1, 20);
    return Array.from({ length: random.between(3, 4) }, (_, index) =>
      hour(now - (last + index * every) * DAY, random),
    ).toReversed();
  }
  const days = Math.floor((now - record.since) / DAY) - 1;
  const most = record.category === 'member' ? 2 : 1;
  return Array.from({ length: random.between(1, most) }, () =>
    hour(now - random.between(1, days) * DAY, random),
  ).sort((a, b) => a - b);
}

const hour = (day: Instant, random: Random): Instant => day - random.between(0, 43_200) * 1000;

function itemsOf(random: Random) {
  const first = random.weighted(
    PRODUCTS.map((product) => [product[0] === 'skin_care' ? 3 : 1, product]),
  );
  const lines = random.chance(0.3) ? [first, random.pick(PRODUCTS)] : [first];
  return lines.map(([category, sku, price]) => {
    const quantity = random.weighted([
      [80, 1],
      [15, 2],
      [5, 3],
    ]);
    return { sku, category, quantity, yen: price * quantity };
  });
}

/** Some forms went out without the notice; what was typed into one that wasn't sent is kept only with it. */
const noticeShown = (random: Random, record: SampleRecord): boolean =>
  random.chance(0.92) || record.source === 'form_abandoned';
