import { MINUTE } from '@kyoka/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('an event from before the erasure of an address alone', () => {
  const dated = (event: ReturnType<typeof granted>, at: number) => ({
    ...event,
    data: Buffer.from(
      JSON.stringify({
        ...(JSON.parse(Buffer.from(event.data).toString()) as object),
        occurredAt: new Date(at).toISOString(),
      }),
    ),
  });

  const erasedAs = async (ref: string) =>
    (
      await system.db.query<{ state: string }>(
        `select e.state from permissions.erasure e join permissions.erasure_subject s on s.erasure_id = e.id
         where s.subject_id = $1 order by e.id`,
        [await system.idOf(ref)],
      )
    ).map(({ state }) => state);

  it.each(['waits', 'is over'])(
    'brings nothing of a subject back that appears only now, while the erasure %s',
    async (when) => {
      await system.take(erasing({ value: OLD }));
      await system.follow();
      if (when === 'is over') await system.settle();
      system.clock.now += MINUTE;
      await system.take(granted('late', OLD, 'other@example.jp'));
      expect(await erasedAs('late')).toEqual(['waiting']);
      expect(await system.ciphertexts()).toEqual([]);
      expect(await stopsOf('late')).toEqual(['erasure of *, own']);
      await system.follow();
      await system.settle();
      expect(await erasedAs('late')).toEqual(['erased']);
      // What comes after that of the same time goes the same way, and names no erasure anew.
      await system.take(granted('late', OLD), granted('late', 'third@example.jp'));
      await system.take(ordered('late', 'o-late'));
      expect(await system.ciphertexts()).toEqual([]);
      expect(await erasedAs('late')).toEqual(['erased']);
      const dump = await dumpDatabase(system.database.url);
      expect(dump.filter(({ text }) => text.includes('o-late'))).toEqual([]);
      // The other address that the event named is stopped for whoever brings it.
      await system.take(granted('b', 'other@example.jp'));
      expect(await stopsOf('b')).toEqual(['erasure of *, contact_point']);
    },
  );

  it('takes out what is known already of the subject that it names', async () => {
    await system.take(granted('known', 'known@example.jp'), ordered('known', 'o-known'));
    await system.take(erasing({ value: OLD }));
    await system.follow();
    await system.settle();
    expect(await system.ciphertexts()).toHaveLength(1);
    await system.take(granted('known', OLD));
    await system.follow();
    await system.settle();
    expect(await system.ciphertexts()).toEqual([]);
    expect(await erasedAs('known')).toEqual(['erased']);
    expect(await stopsOf('known')).toEqual(['erasure of *, own']);
  });

  it('is told from a later one, which is kept and blocked', async () => {
    await system.take(erasing({ value: OLD }));
    await system.follow();
    await system.settle();
    const later = system.clock.now;
    system.clock.now += MINUTE;
    await system.take(dated(granted('new', OLD), later));
    expect(await system.ciphertexts()).toHaveLength(1);
    expect(await stopsOf('new')).toEqual(['erasure of *, contact_point']);
  });

  it('stops the reference of an erased subject as well', async () => {
    await system.take(granted('taro', OLD));
    await system.take(erasing({ value: OLD }));
    await system.follow();
    await system.settle();
    const later = system.clock.now;
    system.clock.now += MINUTE;
    await system.take(dated(granted('taro', 'new@example.jp'), later));
    expect(await stopsOf('taro')).toEqual(['erasure of *, own']);
  });

  it('that is being taken in when the wish arrives is seen by one of the two', async () => {
    const intake = system.intakeOf();
    const taken: Promise<unknown>[] = [];
    const wish = intake.ingest([erasing({ value: OLD })], {
      // The wish holds the ledger, and isn't committed: the event reads before it, and waits behind it.
      async record() {
        taken.push(intake.ingest([granted('late', OLD)]));
        await vi.waitFor(async () => {
          const waiting = await system.db.query('select from pg_locks where not granted');
          expect(waiting).toHaveLength(1);
        });
      },
    });
    await wish;
    await Promise.all(taken);
    expect(await system.ciphertexts()).toEqual([]);
    expect(await stopsOf('late')).toEqual(['erasure of *, own']);
  });
});
