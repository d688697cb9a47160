import { DAY, MINUTE, type Instant } from '@kyoka/kernel';
import type { Journal } from './events.js';
import { type Bag, MISTAKES, parked, subjectOf } from './mistake-kinds.js';
import type { SampleRecord } from './people.js';
import { POLICY } from './policy.js';
import type { Random } from './random.js';
import { tokyoTime } from './time.js';

/** Each mistake on some record of the store. */
export function addMistakes(
  journal: Journal,
  random: Random,
  records: readonly SampleRecord[],
  now: Instant,
): void {
  MISTAKES.forEach(
    (
      { times, type, data, outcome, reason, publisher = 'shop', source = 'store', damage },
      kind,
    ) => {
      for (let time = 1; time <= times; time++) {
        journal.add({
          publisher,
          source,
          type,
          at: now - random.between(60, 1_440) * MINUTE,
          data: data(random.pick(records), `${kind}-${time}`, now),
          ...(damage && { damage }),
          expected: { outcome, ...(reason && { reason }) },
        });
      }
    },
  );
}

/** Withdrawals of long ago that arrive only now, after newer grants. */
export function addLateEvents(
  journal: Journal,
  random: Random,
  records: readonly SampleRecord[],
  now: Instant,
): void {
  for (let late = 1; late <= 40; late++) {
    const record = random.pick(records);
    const at = record.since - DAY;
    journal.add({
      publisher: 'shop',
      source: 'store',
      type: 'consent.withdrawn',
      at,
      arrivesAt: now - random.between(1, 60) * MINUTE,
      data: {
        subject: subjectOf(record),
        purpose: 'info_product',
        channels: ['email'],
        occurredAt: tokyoTime(at),
        evidence: { id: `ev-late-${late}`, actor: 'subject', form: 'paper' },
      },
    });
  }
}

/** What no order of the sample holds, so that an id used again never brings the same content. */
const OTHER_ITEM = { sku: 'sample-pouch', category: 'gift', quantity: 1, yen: 0 };

/** Events sent twice, and ids used twice for different things. */
export function addRepetitions(journal: Journal, random: Random, now: Instant): void {
  const accepted = journal
    .inOrderOfArrival()
    .filter(({ expected }) => expected.outcome === 'accepted');
  const once = new Set(Array.from({ length: 150 }, () => random.pick(accepted)));
  for (const event of once) journal.repeat(event, now - random.between(1, 50) * MINUTE);

  const orders = accepted.filter(
    ({ draft, route }) =>
      draft.type === 'jp.kyoka.order.placed.v1' &&
      route.via === 'topic' &&
      route.publisher === 'shop',
  );
  for (const { draft } of new Set(Array.from({ length: 6 }, () => random.pick(orders)))) {
    journal.add({
      publisher: 'shop',
      source: draft.source,
      type: 'order.placed',
      id: draft.id,
      at: now - random.between(1, 40) * MINUTE,
      data: {
        ...(draft.data as Bag),
        contacts: [],
        order: { ...(draft.data as { order: Bag }).order, items: [OTHER_ITEM] },
        policyVersion: POLICY,
      },
      expected: parked('id_reused'),
    });
  }
}
