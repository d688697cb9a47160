import { parseInstant } from '@kyoka/kernel';
import { replayParked } from '@kyoka/intake';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOW, plain, VOCABULARY } from './harness.js';
import { openSomebody, type Somebody } from './somebody.js';

let one: Somebody;

beforeAll(async () => {
  one = await openSomebody();
});
afterAll(() => one.close());
beforeEach(() => one.next());

describe('parked originals', () => {
  it('are sealed, and accepted by a replay once the policy knows them, with the moment of their first arrival', async () => {
    const id = `q-${one.counter}`;
    expect(
      await one.outcomes(await one.harness.signed(one.grant(id, { purpose: 'horoscopes' }))),
    ).toEqual(['unknown_purpose']);
    const parked = async () =>
      (
        await one.harness.db.query<{
          id: string;
          sealed: Buffer;
          state: string;
          replayed_by: string | null;
        }>('select id, sealed, state, replayed_by from intake.parked where ce_id = $1', [id])
      )[0];
    const row = await parked();
    expect(row?.sealed.includes(Buffer.from(one.email))).toBe(false);

    one.harness.clock.now = NOW + 86_400_000;
    const ports = {
      ...one.harness.ports,
      vocabulary: () => ({ ...VOCABULARY, hasPurpose: () => true }),
    };
    const wish = { ids: [row?.id as string], limit: 1, actor: 'user:local' };
    expect(await replayParked(ports, wish)).toMatchObject([{ answer: { outcome: 'accepted' } }]);
    expect(await parked()).toMatchObject({ state: 'replayed', replayed_by: 'user:local' });
    expect((await one.state())['permissions']).toMatchObject([
      { purpose: 'horoscopes', state: 'granted' },
    ]);
    const [event] = await one.harness.db.query<{ outcome: string; arrived_at: Date }>(
      'select outcome, arrived_at from intake.event where ce_id = $1',
      [id],
    );
    expect(event).toEqual({ outcome: 'accepted', arrived_at: new Date(NOW) });
    expect(await replayParked(ports, wish)).toEqual([]);
  });

  it('of nobody we know stay parked', async () => {
    const event = await one.harness.signed(one.grant(`q2-${one.counter}`));
    const hidden = {
      ...event,
      attributes: { ...event.attributes, kyokakid: 'kp-0000000000000000' },
    };
    expect(await one.outcomes(hidden)).toEqual(['unauthenticated']);
    const replayed = await replayParked(one.harness.ports, {
      reason: 'unauthenticated',
      limit: 100,
      actor: 'user:local',
    });
    expect(replayed.length).toBeGreaterThan(0);
    expect(new Set(replayed.map((one) => one.answer.reason))).toEqual(new Set(['unauthenticated']));
    expect(await one.state()).toBeUndefined();
  });

  it('a grant dated ahead stays parked, however late it is replayed', async () => {
    expect(
      await one.outcomes(
        plain(one.grant(`r-${one.counter}`, { occurredAt: '2026-11-20T11:00:00+09:00' })),
      ),
    ).toEqual(['dated_ahead']);
    one.harness.clock.now = parseInstant('2026-11-25T00:00:00+09:00') as number;
    const [row] = await one.harness.db.query<{ id: string }>(
      'select id from intake.parked where ce_id = $1',
      [`r-${one.counter}`],
    );
    const [replayed] = await replayParked(one.harness.ports, {
      ids: [row?.id as string],
      limit: 1,
      actor: 'user:local',
    });
    expect(replayed?.answer.reason).toBe('dated_ahead');
    expect(
      await one.outcomes(
        plain(one.grant(`r-${one.counter}`, { occurredAt: '2026-11-20T11:00:00+09:00' })),
      ),
    ).toEqual(['duplicate']);
  });
});

describe('the ledger', () => {
  it('cannot be changed by the role that writes it, nor past its trigger', async () => {
    await one.outcomes(plain(one.grant(`s-${one.counter}`)));
    for (const sql of [
      `update permissions.ledger set act = 'x'`,
      'delete from permissions.ledger',
      'truncate permissions.ledger',
      'alter table permissions.ledger disable trigger all',
      `update permissions.block set entries = 0`,
    ]) {
      await expect(one.harness.db.query(sql)).rejects.toMatchObject({ sqlState: '42501' });
    }
  });

  it('holds no contact value', async () => {
    await one.outcomes(plain(one.grant(`t-${one.counter}`)));
    const rows = await one.harness.db.query<{ text: string }>(
      'select row_to_json(l)::text as text from permissions.ledger l',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(
      rows.some((row) => row.text.includes('@example.jp') || row.text.includes('@gmail.com')),
    ).toBe(false);
  });
});

it('the stop journal is ahead of or equal to what the database says, never behind', async () => {
  await one.outcomes(plain(one.suspension(`u-${one.counter}`)));
  const [row] = await one.harness.db.query<{ position: string }>(
    'select position from intake.journal_position',
  );
  expect(Number(row?.position)).toBe(one.harness.journal.highest());
});
