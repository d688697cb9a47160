import fc from 'fast-check';
import type { RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { type DatabaseError, inTransaction } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Draft, type Harness, openHarness } from './harness.js';

const minute = (n: number): string => `2026-11-01T09:${String(n).padStart(2, '0')}:00+09:00`;

interface Act {
  readonly kind:
    | 'grant'
    | 'import'
    | 'confirm'
    | 'withdraw'
    | 'withdraw_all'
    | 'suspend'
    | 'lift'
    | 'order'
    | 'ads_off'
    | 'ads_on'
    | 'bounce'
    | 'cancel'
    | 'register';
  readonly who: number;
  readonly address: number;
  readonly minute: number;
  readonly id: number;
}

const act = fc.record<Act>({
  kind: fc.constantFrom<Act['kind']>(
    'grant',
    'import',
    'confirm',
    'withdraw',
    'withdraw_all',
    'suspend',
    'lift',
    'order',
    'ads_off',
    'ads_on',
    'bounce',
    'cancel',
    'register',
  ),
  who: fc.integer({ min: 0, max: 2 }),
  address: fc.integer({ min: 0, max: 2 }),
  minute: fc.integer({ min: 0, max: 8 }),
  id: fc.integer({ min: 0, max: 10_000 }),
});

/** The event of an act in one of several worlds that know nothing of each other. */
function draftOf(one: Act, world: string): Draft {
  const subject = { source: 'store', ref: `${world}-${one.who}` };
  const contacts = [
    { kind: 'email', value: `${world}.${'x'.repeat(one.address)}${one.address}@example.jp` },
  ];
  const evidence = { id: `ev-${one.id}`, actor: 'subject' };
  const confirmed = { by: 'session', at: minute(one.minute) };
  const occurredAt = minute(one.minute);
  const consent = {
    subject,
    contacts,
    purpose: 'info_product',
    channels: ['email'],
    occurredAt,
    policyVersion: 'almado@1',
  };
  const drafts: Record<Act['kind'], { type: string; data: Json }> = {
    grant: { type: 'consent.granted', data: { ...consent, category: 'member', evidence } },
    import: {
      type: 'consent.granted',
      data: { ...consent, category: 'non_member', evidence: { id: evidence.id, actor: 'import' } },
    },
    confirm: {
      type: 'consent.granted',
      data: { ...consent, category: 'member', evidence: { ...evidence, confirmed } },
    },
    withdraw: { type: 'consent.withdrawn', data: { ...consent, evidence } },
    withdraw_all: {
      type: 'consent.withdrawn',
      data: { ...consent, purpose: '*', channels: ['*'], evidence },
    },
    suspend: {
      type: 'suspension.requested',
      data: { contacts, scope: { purposes: ['*'], channels: ['email'] }, occurredAt, evidence },
    },
    lift: {
      type: 'suspension.lifted',
      data: {
        subject,
        contacts,
        scope: { purposes: ['*'], channels: ['*'] },
        occurredAt,
        evidence: { ...evidence, confirmed },
      },
    },
    order: {
      type: 'order.placed',
      data: {
        subject,
        category: 'member',
        contacts,
        order: {
          ref: `o-${world}-${one.id}`,
          at: occurredAt,
          items: [{ sku: 's', category: 'skincare', quantity: 1, yen: 100 }],
        },
      },
    },
    ads_off: { type: 'adsswitch.changed', data: { subject, state: 'off', occurredAt } },
    ads_on: { type: 'adsswitch.changed', data: { subject, state: 'on', occurredAt } },
    bounce: {
      type: 'delivery.bounced',
      data: { contacts, channel: 'email', bounce: 'hard', occurredAt },
    },
    cancel: { type: 'membership.cancelled', data: { subject, occurredAt } },
    register: {
      type: 'customer.registered',
      data: { subject, category: 'member', contacts, occurredAt, policyVersion: 'almado@1' },
    },
  };
  return { id: `${world}-${one.id}`, ...drafts[one.kind] };
}

describe('any order, duplication and batching of the same events', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  /** As their publisher sends them: nobody else may attest a confirmation. */
  const signed = (acts: readonly Act[], world: string): Promise<RawEvent[]> =>
    Promise.all(acts.map((one) => harness.signed(draftOf(one, world))));

  /** The state of a world under names that all worlds share; the order of equals follows tokens, which they don't. */
  const worldOf = async (world: string): Promise<unknown> => {
    const states = await harness.states(`${world}-`);
    const text = JSON.stringify(states)
      .replaceAll(world, 'world')
      .replaceAll(/"fold":"[0-9a-f]+"/g, '"fold":"x"');
    return JSON.parse(text, (_name, value: unknown) =>
      Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value,
    );
  };

  it('gives the same state', async () => {
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(act, { minLength: 2, maxLength: 14, selector: (one) => one.id }),
        fc.array(fc.nat(), { minLength: 28, maxLength: 28 }),
        fc.integer({ min: 1, max: 6 }),
        async (acts, keys, size) => {
          worlds += 1;
          const [left, right] = [`w${worlds}a`, `w${worlds}b`];
          await harness.intake.ingest(await signed(acts, left));
          const shuffled = [...acts, ...acts.slice(0, 4)]
            .map((one, index) => ({ one, key: keys[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          for (let from = 0; from < shuffled.length; from += size) {
            await harness.intake.ingest(await signed(shuffled.slice(from, from + size), right));
          }
          expect(await worldOf(right)).toEqual(await worldOf(left));
        },
      ),
      // Worlds don't shrink well: each run is a transaction or more.
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('eight writers on the same hot people meet no deadlock and lose nothing', async () => {
    const acts = Array.from({ length: 320 }, (_, index): Act => ({
      kind: (['grant', 'withdraw', 'suspend', 'order', 'confirm'] as const)[
        index % 5
      ] as Act['kind'],
      who: index % 3,
      address: (index * 7) % 3,
      minute: index % 9,
      id: index,
    }));
    const batches = await Promise.all(
      Array.from({ length: 32 }, (_, n) => signed(acts.slice(n * 10, n * 10 + 10), 'hot')),
    );
    const answers = (
      await Promise.all(
        Array.from({ length: 8 }, async (_, worker) => {
          const mine = [];
          for (let n = worker; n < batches.length; n += 8) {
            const batch = batches[n] as RawEvent[];
            mine.push(
              ...(await harness.intake.ingest(worker % 2 === 0 ? batch : [...batch].reverse())),
            );
          }
          return mine;
        }),
      )
    ).flat();
    expect(answers.filter((answer) => answer.outcome === 'accepted')).toHaveLength(320);
    await harness.intake.ingest(await signed(acts, 'cold'));
    expect(await worldOf('hot')).toEqual(await worldOf('cold'));
  });

  it('control: two that lock the same people in different orders deadlock', async () => {
    const [one, other] = ['hot-0', 'hot-1'];
    const met = Promise.withResolvers<void>();
    let waiting = 2;
    const lockBoth = (first: string, second: string) =>
      inTransaction(
        harness.pool,
        async (tx) => {
          const lock = (ref: string) =>
            tx.query('select from permissions.subject where ref = $1 for update', [ref]);
          await lock(first);
          waiting -= 1;
          if (waiting === 0) met.resolve();
          await met.promise;
          await lock(second);
        },
        { retries: 0 },
      );
    const ends = await Promise.allSettled([lockBoth(one, other), lockBoth(other, one)]);
    const failed = ends.filter((end) => end.status === 'rejected');
    expect(failed.map(({ reason }) => (reason as DatabaseError).sqlState)).toEqual(['40P01']);
  });
});
