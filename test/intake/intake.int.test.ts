import { type Json, parseInstant } from '@kyoka/kernel';
import { replayParked, type RawEvent } from '@kyoka/intake';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Draft, type Harness, NOW, openHarness, plain, VOCABULARY } from './harness.js';

const at = '2026-11-01T09:00:00+09:00';
const evidence = (id: string, more: object = {}): Json => ({
  id,
  actor: 'subject',
  form: 'checkout',
  ...more,
});

let counter = 0;
let harness: Harness;
let ref: string;
let email: string;

beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(() => {
  counter += 1;
  ref = `c-${counter}`;
  email = `person${counter}@example.jp`;
  harness.clock.now = NOW;
});

const subject = (): Json => ({ source: 'store', ref });
const grant = (id: string, more: Record<string, Json> = {}): Draft => ({
  type: 'consent.granted',
  id,
  data: {
    subject: subject(),
    category: 'member',
    contacts: [{ kind: 'email', value: email }],
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at,
    policyVersion: 'almado@1',
    evidence: evidence(`ev-${id}`),
    ...more,
  },
});
const suspension = (id: string, more: Record<string, Json> = {}): Draft => ({
  type: 'suspension.requested',
  id,
  data: {
    subject: subject(),
    scope: { purposes: ['*'], channels: ['*'] },
    occurredAt: at,
    ...more,
  },
});

async function state(key = `store/${ref}`): Promise<Record<string, unknown>> {
  return (await harness.states())[key] as Record<string, unknown>;
}
const outcomes = async (...events: RawEvent[]) =>
  (await harness.intake.ingest(events)).map((answer) => answer.reason ?? answer.outcome);

describe('a batch', () => {
  it('keeps what a signed and sealed event says', async () => {
    expect(await outcomes(await harness.signed(grant(`a${counter}`)))).toEqual(['accepted']);
    expect(await state()).toMatchObject({
      category: 'member',
      permissions: [
        { purpose: 'info_product', channel: 'email', state: 'granted', proof: 'evidenced' },
      ],
      contacts: [{ kind: 'email', class: 'personal', sources: ['store'] }],
    });
  });

  it('answers each event on its own', async () => {
    const good = plain(grant(`b${counter}`));
    expect(
      await outcomes(
        good,
        good,
        plain({ ...grant(`b2-${counter}`), type: 'consent.unheard' }),
        plain(grant(`b3-${counter}`, { occurredAt: 'yesterday' })),
        plain(grant(`b4-${counter}`, { purpose: 'horoscopes' })),
        plain(grant(`b5-${counter}`, { policyVersion: 'almado@9' })),
        plain(grant(`b6-${counter}`, { category: 'mall_customer' })),
        plain(grant(`b7-${counter}`, { subject: { source: 'mall.unheard', ref } })),
        plain(grant(`b8-${counter}`, { occurredAt: '2026-11-20T10:06:00+09:00' })),
        plain(grant(`b9-${counter}`, { contacts: [{ kind: 'email', value: 'a'.repeat(64) }] })),
      ),
    ).toEqual([
      'accepted',
      'duplicate',
      'skipped',
      'refused',
      'unknown_purpose',
      'unknown_policy',
      'unknown_category',
      'unknown_source',
      'dated_ahead',
      'refused',
    ]);
  });

  it('names the field of a refused event and echoes nothing', async () => {
    const [answer] = await harness.intake.ingest([
      plain(grant(`c${counter}`, { contacts: [{ kind: 'pigeon', value: 'secret@example.jp' }] })),
    ]);
    expect(answer?.faults?.[0]?.field).toBe('data.contacts[0].kind');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('parks the same id with other content and keeps what came first', async () => {
    const first = await harness.signed(grant(`d${counter}`));
    const other = await harness.signed(grant(`d${counter}`, { channels: ['sms'] }));
    expect(await outcomes(first)).toEqual(['accepted']);
    expect(await outcomes(other)).toEqual(['id_reused']);
    expect((await state())['permissions']).toHaveLength(1);
  });

  it('takes the same event sealed and signed anew for a duplicate', async () => {
    expect(await outcomes(await harness.signed(grant(`e${counter}`)))).toEqual(['accepted']);
    expect(await outcomes(await harness.signed(grant(`e${counter}`)))).toEqual(['duplicate']);
  });
});

describe('authentication', () => {
  it('an event without a valid MAC changes nothing, a stop included', async () => {
    await outcomes(await harness.signed(grant(`g${counter}`)));
    const stop = await harness.signed(suspension(`g2-${counter}`));
    const forged = { ...stop, attributes: { ...stop.attributes, kyokamac: 'A'.repeat(43) } };
    const { kyokakid: _kid, kyokamac: _mac, ...bare } = stop.attributes;
    expect(await outcomes(forged, { ...stop, attributes: bare })).toEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
    expect((await state())['stops']).toEqual([]);
    // The real one still takes effect: a forgery doesn't use its id up.
    expect(await outcomes(stop)).toEqual(['accepted']);
    expect((await state())['stops']).toHaveLength(1);
  });

  it('a key past its end, or for other types or sources, is no key', async () => {
    const { vault } = harness;
    const register = async (grantOf: object) =>
      vault.publishers.register({
        name: 'x',
        sources: ['store'],
        types: ['jp.kyoka.consent.granted.v1'],
        validUntil: NOW + 1000,
        ...grantOf,
      } as Parameters<typeof vault.publishers.register>[0]);
    const { createPublisher, attributesOf } = await import('@kyoka/publisher');
    const send = async (grantOf: object, draft: Draft) => {
      const { kid, key } = await register(grantOf);
      const event = await createPublisher({ kid, key, source: 'store' }).event({
        id: draft.id,
        type: `jp.kyoka.${draft.type}.v1`,
        time: at,
        data: draft.data as never,
      });
      return outcomes({
        attributes: attributesOf(event.headers),
        data: event.value,
        place: 'kyoka.consents.v1/0/9',
        by: { kind: 'mac', plaintext: false },
      });
    };
    expect(await send({}, grant(`h1-${counter}`))).toEqual(['accepted']);
    expect(await send({ validUntil: NOW - 1 }, grant(`h2-${counter}`))).toEqual([
      'unauthenticated',
    ]);
    expect(await send({ sources: ['mall.rakuten'] }, grant(`h3-${counter}`))).toEqual([
      'unauthenticated',
    ]);
    expect(await send({ types: ['jp.kyoka.order.placed.v1'] }, grant(`h4-${counter}`))).toEqual([
      'unauthenticated',
    ]);
    expect(
      await send({}, grant(`h5-${counter}`, { subject: { source: 'mall.rakuten', ref } })),
    ).toEqual(['unauthenticated']);
  });

  it('a contact in the clear, or sealed for another event, is parked on a topic', async () => {
    const one = await harness.signed(grant(`i1-${counter}`));
    const { kyokakid: _kid, kyokamac: _mac, ...bare } = one.attributes;
    const clear: RawEvent = {
      ...plain(grant(`i2-${counter}`)),
      by: { kind: 'unsigned_topic', plaintext: false },
    };
    const pasted: RawEvent = {
      ...one,
      attributes: { ...bare, id: `i3-${counter}` },
      by: { kind: 'unsigned_topic', plaintext: false },
    };
    expect(await outcomes(clear, pasted)).toEqual(['contact_not_sealed', 'contact_unreadable']);
  });
});

describe('a stop is never lost to strictness', () => {
  const cases: [string, () => Draft, unknown][] = [
    ['unknown purpose', () => ({ ...withdrawal('j1', { purpose: 'horoscopes' }) }), 'stop_widened'],
    ['unknown channel', () => ({ ...withdrawal('j2', { channels: ['pigeon'] }) }), 'stop_widened'],
    ['unreadable time', () => suspension(`j3-${counter}`, { occurredAt: 'soon' }), 'stop_widened'],
    [
      'unknown policy version',
      () => withdrawal('j4', { policyVersion: 'almado@9' }),
      'stop_widened',
    ],
    [
      'a contact that is a digest',
      () => suspension(`j5-${counter}`, { contacts: [{ kind: 'email', value: 'b'.repeat(64) }] }),
      'stop_widened',
    ],
    [
      'no scope at all',
      () => ({ ...suspension(`j6-${counter}`), data: { subject: subject() } }),
      'stop_widened',
    ],
  ];
  const withdrawal = (id: string, more: Record<string, Json>): Draft => ({
    type: 'consent.withdrawn',
    id: `${id}-${counter}`,
    data: {
      subject: subject(),
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: at,
      ...more,
    },
  });

  it.each(cases)(
    '%s: applied as wide as it can be read, and parked',
    async (_why, draft, reason) => {
      await outcomes(plain(grant(`j-${counter}`)));
      expect(await outcomes(plain(draft()))).toEqual([reason]);
      const after = await state();
      const stopped =
        (after['stops'] as unknown[]).length > 0 ||
        (after['permissions'] as { state: string }[]).every((one) => one.state === 'withdrawn');
      expect(stopped).toBe(true);
      const [parked] = await harness.db.query<{ applied: boolean }>(
        'select applied from intake.parked where applied order by arrived_at desc limit 1',
      );
      expect(parked?.applied).toBe(true);
    },
  );

  it('one for somebody unknown waits and applies when they appear', async () => {
    expect(
      await outcomes(
        plain({
          ...suspension(`k1-${counter}`),
          data: {
            contacts: [{ kind: 'email', value: email }],
            scope: { purposes: ['*'], channels: ['*'] },
            occurredAt: at,
          },
        }),
      ),
    ).toEqual(['accepted']);
    await outcomes(plain(grant(`k2-${counter}`)));
    expect((await state())['stops']).toMatchObject([
      { kind: 'suspension', through: 'shared_contact' },
    ]);
  });

  it('one dated ahead counts from its arrival', async () => {
    await outcomes(plain(suspension(`l-${counter}`, { occurredAt: '2030-01-01T00:00:00+09:00' })));
    expect((await state())['stops']).toMatchObject([{ at: new Date(NOW).toISOString() }]);
  });

  it('reaches who shares the folded address, one step and no further', async () => {
    const gmail = (local: string) => [{ kind: 'email', value: `${local}@gmail.com` }];
    const other = (id: string, contacts: Json) =>
      plain(
        grant(`${id}-${counter}`, {
          subject: { source: 'store', ref: `${id}-${counter}` },
          contacts,
        }),
      );
    const local = `ab${counter}`;
    await outcomes(
      plain(grant(`m-${counter}`, { contacts: gmail(`a.b${counter}+shop`) })),
      other('n', [...gmail(local), { kind: 'phone', value: '090-1234-5678' }]),
      other('o', [{ kind: 'phone', value: '09012345678' }]),
      plain(suspension(`p-${counter}`)),
    );
    const states = (await harness.states()) as Record<string, { stops: unknown[] }>;
    expect(states[`store/n-${counter}`]?.stops).toMatchObject([
      { kind: 'suspension', through: 'shared_contact' },
    ]);
    expect(states[`store/o-${counter}`]?.stops).toEqual([]);
  });
});

describe('parked originals', () => {
  it('are sealed, and accepted by a replay once the policy knows them, with the moment of their first arrival', async () => {
    const id = `q-${counter}`;
    expect(await outcomes(await harness.signed(grant(id, { purpose: 'horoscopes' })))).toEqual([
      'unknown_purpose',
    ]);
    const parked = async () =>
      (
        await harness.db.query<{
          id: string;
          sealed: Buffer;
          state: string;
          replayed_by: string | null;
        }>('select id, sealed, state, replayed_by from intake.parked where ce_id = $1', [id])
      )[0];
    const row = await parked();
    expect(row?.sealed.includes(Buffer.from(email))).toBe(false);

    harness.clock.now = NOW + 86_400_000;
    const ports = {
      ...harness.ports,
      vocabulary: () => ({ ...VOCABULARY, hasPurpose: () => true }),
    };
    const wish = { ids: [row?.id as string], limit: 1, actor: 'user:local' };
    expect(await replayParked(ports, wish)).toMatchObject([{ answer: { outcome: 'accepted' } }]);
    expect(await parked()).toMatchObject({ state: 'replayed', replayed_by: 'user:local' });
    expect((await state())['permissions']).toMatchObject([
      { purpose: 'horoscopes', state: 'granted' },
    ]);
    const [event] = await harness.db.query<{ outcome: string; arrived_at: Date }>(
      'select outcome, arrived_at from intake.event where ce_id = $1',
      [id],
    );
    expect(event).toEqual({ outcome: 'accepted', arrived_at: new Date(NOW) });
    expect(await replayParked(ports, wish)).toEqual([]);
  });

  it('of nobody we know stay parked', async () => {
    const event = await harness.signed(grant(`q2-${counter}`));
    const hidden = {
      ...event,
      attributes: { ...event.attributes, kyokakid: 'kp-0000000000000000' },
    };
    expect(await outcomes(hidden)).toEqual(['unauthenticated']);
    const replayed = await replayParked(harness.ports, {
      reason: 'unauthenticated',
      limit: 100,
      actor: 'user:local',
    });
    expect(replayed.length).toBeGreaterThan(0);
    expect(new Set(replayed.map((one) => one.answer.reason))).toEqual(new Set(['unauthenticated']));
    expect(await state()).toBeUndefined();
  });

  it('a grant dated ahead stays parked, however late it is replayed', async () => {
    expect(
      await outcomes(plain(grant(`r-${counter}`, { occurredAt: '2026-11-20T11:00:00+09:00' }))),
    ).toEqual(['dated_ahead']);
    harness.clock.now = parseInstant('2026-11-25T00:00:00+09:00') as number;
    const [row] = await harness.db.query<{ id: string }>(
      'select id from intake.parked where ce_id = $1',
      [`r-${counter}`],
    );
    const [replayed] = await replayParked(harness.ports, {
      ids: [row?.id as string],
      limit: 1,
      actor: 'user:local',
    });
    expect(replayed?.answer.reason).toBe('dated_ahead');
    expect(
      await outcomes(plain(grant(`r-${counter}`, { occurredAt: '2026-11-20T11:00:00+09:00' }))),
    ).toEqual(['duplicate']);
  });
});

describe('the ledger', () => {
  it('cannot be changed by the role that writes it, nor past its trigger', async () => {
    await outcomes(plain(grant(`s-${counter}`)));
    for (const sql of [
      `update permissions.ledger set act = 'x'`,
      'delete from permissions.ledger',
      'truncate permissions.ledger',
      'alter table permissions.ledger disable trigger all',
      `update permissions.block set entries = 0`,
    ]) {
      await expect(harness.db.query(sql)).rejects.toMatchObject({ sqlState: '42501' });
    }
  });

  it('holds no contact value', async () => {
    await outcomes(plain(grant(`t-${counter}`)));
    const rows = await harness.db.query<{ text: string }>(
      'select row_to_json(l)::text as text from permissions.ledger l',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(
      rows.some((row) => row.text.includes('@example.jp') || row.text.includes('@gmail.com')),
    ).toBe(false);
  });
});

it('the stop journal is ahead of or equal to what the database says, never behind', async () => {
  await outcomes(plain(suspension(`u-${counter}`)));
  const [row] = await harness.db.query<{ position: string }>(
    'select position from intake.journal_position',
  );
  expect(Number(row?.position)).toBe(harness.journal.highest());
});
