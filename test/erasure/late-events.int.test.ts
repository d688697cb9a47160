import { MINUTE } from '@kyoka/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../intake/harness.js';
import { dumpDatabase } from '../leaks/dump-database.js';
import { type Erasures, erasing, granted, openErasures, ordered } from './harness.js';

let system: Erasures;
beforeEach(async () => {
  system = await openErasures();
});
afterEach(() => system.close());

const OLD = 'taro.old@example.jp';

async function erase(ref: string): Promise<void> {
  await system.take(erasing({ ref }));
  await system.follow();
  await system.settle();
}

const stopsOf = async (ref: string) =>
  (
    (await system.states())[`store/${ref}`] as {
      stops: { kind: string; through: string; purpose: string; endedAt?: string }[];
    }
  ).stops
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ kind, through, purpose }) => `${kind} of ${purpose}, ${through}`)
    .sort();

const withdrawn = (ref: string, value: string) =>
  plain({
    type: 'consent.withdrawn',
    id: `w-${ref}`,
    data: {
      subject: { source: 'store', ref },
      contacts: [{ kind: 'email', value }],
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: '2026-11-19T08:00:00+09:00',
      evidence: { id: `w-${ref}`, actor: 'subject' },
    },
  });

describe('an event from before an erasure', () => {
  it('leaves the same whether it comes in before or after it: no value, no order, and the stop', async () => {
    await system.take(granted('first', 'first@example.jp'), ordered('first', 'o-first'));
    await erase('first');
    await system.take(granted('after', 'known@example.jp'));
    await erase('after');
    await system.take(granted('after', 'after@example.jp'), ordered('after', 'o-after'));

    expect(await system.ciphertexts()).toEqual([]);
    const holding = (await dumpDatabase(system.database.url))
      .filter(({ text }) => text.includes('o-after') || text.includes('o-first'))
      .map(({ name }) => name);
    expect(holding).toEqual([]);
    expect(
      await system.db.query('select count(*)::integer as count from permissions.consent'),
    ).toEqual([{ count: 0 }]);
    // Whoever brings either address is stopped by the wish of the one who had it.
    await system.take(granted('a', 'first@example.jp'), granted('b', 'after@example.jp'));
    expect(await stopsOf('a')).toEqual(['erasure of *, contact_point']);
    expect(await stopsOf('b')).toEqual(['erasure of *, contact_point']);
  });

  it('is recorded, and a stop in it counts, for the contact point as well', async () => {
    await system.take(granted('taro', 'taro@example.jp'));
    await erase('taro');
    const acts = await system.take(withdrawn('taro', OLD));
    expect(acts).toHaveLength(1);
    expect(await system.ciphertexts()).toEqual([]);
    expect(await stopsOf('taro')).toEqual(['erasure of *, own', 'objection of info_product, own']);
    const [entry] = await system.db.query<{ act: string }>(
      `select act from permissions.ledger where body ->> 'eventId' like 'w-taro%'`,
    );
    expect(entry?.act).toBe('withdrawn');
    await system.take(granted('other', OLD));
    expect(await stopsOf('other')).toEqual([
      'erasure of *, contact_point',
      'objection of info_product, contact_point',
    ]);
  });

  it('is told from what the person does after it, which is kept and blocked', async () => {
    await system.take(granted('taro', 'taro@example.jp'));
    await erase('taro');
    const later = granted('taro', 'new@example.jp');
    const occurredAt = new Date(system.clock.now).toISOString();
    system.clock.now += MINUTE;
    const data = JSON.parse(Buffer.from(later.data).toString()) as object;
    await system.take({ ...later, data: Buffer.from(JSON.stringify({ ...data, occurredAt })) });
    expect(await system.ciphertexts()).toHaveLength(1);
    expect(await stopsOf('taro')).toEqual(['erasure of *, own']);
  });
});
