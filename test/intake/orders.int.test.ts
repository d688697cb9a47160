import type { RawEvent } from '@kyoka/intake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, plain } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** An order as its shop told it at a moment, with lines of these articles. */
function order(ref: string, id: string, time: string, skus: readonly string[]): RawEvent {
  const event = plain({
    type: 'order.placed',
    id,
    data: {
      subject: { source: 'store', ref: `of-${ref}` },
      category: 'member',
      order: {
        ref,
        at: '2026-11-01T09:00:00+09:00',
        items: skus.map((sku) => ({ sku, category: 'food', quantity: 1, yen: 100 })),
      },
    },
  });
  return { ...event, attributes: { ...event.attributes, time } };
}

async function skusOf(ref: string): Promise<string[]> {
  const rows = await harness.db.query<{ sku: string }>(
    'select sku from permissions.v_order_line where order_ref = $1 order by sku',
    [ref],
  );
  return rows.map(({ sku }) => sku);
}

describe('an order that is told again', () => {
  const first = (ref: string) => order(ref, `${ref}-1`, '2026-11-01T00:00:00Z', ['a', 'b']);
  const second = (ref: string) => order(ref, `${ref}-2`, '2026-11-02T00:00:00Z', ['c']);

  it.each<[string, (ref: string) => RawEvent[][]]>([
    ['in its order', (ref) => [[first(ref)], [second(ref)]]],
    ['turned round', (ref) => [[second(ref)], [first(ref)]]],
    ['in one batch', (ref) => [[first(ref), second(ref)]]],
    ['in one batch, turned round', (ref) => [[second(ref), first(ref)]]],
  ])('has the lines of its latest event only: %s', async (how, batches) => {
    const ref = `again-${how.length}`;
    for (const batch of batches(ref)) await harness.intake.ingest(batch);
    expect(await skusOf(ref)).toEqual(['c']);
  });

  it('of one moment has the lines of the same event in any order and in any batches', async () => {
    const same = (ref: string) =>
      ['x', 'y', 'z'].map((sku) => order(ref, `tie-${sku}`, '2026-11-01T00:00:00Z', [sku]));
    const seen: string[][] = [];
    for (const [n, batches] of [
      [[0, 1, 2]],
      [[2, 1, 0]],
      [[0], [1], [2]],
      [[1], [2], [0]],
      [[2, 0], [1]],
    ].entries()) {
      const other = await openHarness();
      const events = same(`tie-${n}`);
      for (const batch of batches) {
        await other.intake.ingest(batch.map((index) => events[index] as RawEvent));
      }
      const rows = await other.db.query<{ sku: string }>(
        'select sku from permissions.v_order_line',
      );
      seen.push(rows.map(({ sku }) => sku));
      await other.close();
    }
    expect(seen[0]).toHaveLength(1);
    expect(new Set(seen.map((skus) => skus.join())).size).toBe(1);
  });

  it('dated ahead counts from its arrival, so that it can be told again', async () => {
    await harness.intake.ingest([order('ahead', 'ahead-1', '2030-01-01T00:00:00Z', ['a'])]);
    harness.clock.now = NOW + 60_000;
    const later = new Date(harness.clock.now).toISOString();
    await harness.intake.ingest([order('ahead', 'ahead-2', later, ['b'])]);
    expect(await skusOf('ahead')).toEqual(['b']);
    harness.clock.now = NOW;
  });
});

describe('the same id with other content', () => {
  const at = '2026-11-01T09:00:00+09:00';
  const grant = (id: string, contact: object = {}) =>
    plain({
      type: 'consent.granted',
      id,
      data: {
        subject: { source: 'store', ref: 'digest' },
        category: 'member',
        contacts: [{ kind: 'email', value: 'digest@example.jp', ...contact }],
        purpose: 'info_product',
        channels: ['email'],
        occurredAt: at,
        policyVersion: 'almado@1',
      },
    });

  it('is seen where only the moment of confirmation differs', async () => {
    expect(
      await harness.intake.ingest([grant('d1'), grant('d1'), grant('d1', { confirmedAt: at })]),
    ).toMatchObject([{ outcome: 'accepted' }, { outcome: 'duplicate' }, { reason: 'id_reused' }]);
  });

  it('is seen where only the time of the event differs', async () => {
    expect(
      await harness.intake.ingest([
        order('timed', 'd2', '2026-11-01T00:00:00Z', ['a']),
        order('timed', 'd2', '2026-11-02T00:00:00Z', ['a']),
      ]),
    ).toMatchObject([{ outcome: 'accepted' }, { reason: 'id_reused' }]);
  });
});
