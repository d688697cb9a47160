import type { RawEvent } from '@kyoka/intake';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Draft, NOW, plain } from './harness.js';
import { registered } from './registered.js';
import { at, openSomebody, type Somebody } from './somebody.js';

let one: Somebody;

beforeAll(async () => {
  one = await openSomebody();
});
afterAll(() => one.close());
beforeEach(() => one.next());

describe('a batch', () => {
  it('keeps what a signed and sealed event says', async () => {
    expect(await one.outcomes(await one.harness.signed(one.grant(`a${one.counter}`)))).toEqual([
      'accepted',
    ]);
    expect(await one.state()).toMatchObject({
      category: 'member',
      permissions: [
        { purpose: 'info_product', channel: 'email', state: 'granted', proof: 'evidenced' },
      ],
      contacts: [{ kind: 'email', class: 'personal', sources: ['store'] }],
    });
  });

  it('answers each event on its own', async () => {
    const good = plain(one.grant(`b${one.counter}`));
    expect(
      await one.outcomes(
        good,
        good,
        plain({ ...one.grant(`b2-${one.counter}`), type: 'consent.unheard' }),
        plain(one.grant(`b3-${one.counter}`, { occurredAt: 'yesterday' })),
        plain(one.grant(`b4-${one.counter}`, { purpose: 'horoscopes' })),
        plain(one.grant(`b5-${one.counter}`, { policyVersion: 'almado@9' })),
        plain(one.grant(`b6-${one.counter}`, { category: 'mall_customer' })),
        plain(
          one.grant(`b7-${one.counter}`, { subject: { source: 'mall.unheard', ref: one.ref } }),
        ),
        plain(one.grant(`b8-${one.counter}`, { occurredAt: '2026-11-20T10:06:00+09:00' })),
        plain(
          one.grant(`b9-${one.counter}`, { contacts: [{ kind: 'email', value: 'a'.repeat(64) }] }),
        ),
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
    const [answer] = await one.harness.intake.ingest([
      plain(
        one.grant(`c${one.counter}`, {
          contacts: [{ kind: 'pigeon', value: 'secret@example.jp' }],
        }),
      ),
    ]);
    expect(answer?.faults?.[0]?.field).toBe('data.contacts[0].kind');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('parks the same id with other content and keeps what came first', async () => {
    const first = await one.harness.signed(one.grant(`d${one.counter}`));
    const other = await one.harness.signed(one.grant(`d${one.counter}`, { channels: ['sms'] }));
    expect(await one.outcomes(first)).toEqual(['accepted']);
    expect(await one.outcomes(other)).toEqual(['id_reused']);
    expect((await one.state())['permissions']).toHaveLength(1);
  });

  it('takes the same event sealed and signed anew for a duplicate', async () => {
    expect(await one.outcomes(await one.harness.signed(one.grant(`e${one.counter}`)))).toEqual([
      'accepted',
    ]);
    expect(await one.outcomes(await one.harness.signed(one.grant(`e${one.counter}`)))).toEqual([
      'duplicate',
    ]);
  });
});

describe('authentication', () => {
  it('an event without a valid MAC changes nothing, a stop included', async () => {
    await one.outcomes(await one.harness.signed(one.grant(`g${one.counter}`)));
    const stop = await one.harness.signed(one.suspension(`g2-${one.counter}`));
    const forged = { ...stop, attributes: { ...stop.attributes, kyokamac: 'A'.repeat(43) } };
    const { kyokakid: _kid, kyokamac: _mac, ...bare } = stop.attributes;
    expect(await one.outcomes(forged, { ...stop, attributes: bare })).toEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
    expect((await one.state())['stops']).toEqual([]);
    // The real one still takes effect: a forgery doesn't use its id up.
    expect(await one.outcomes(stop)).toEqual(['accepted']);
    expect((await one.state())['stops']).toHaveLength(1);
  });

  it('a key past its end, or for other types or sources, is no key', async () => {
    const register = async (grantOf: object) =>
      registered(one.harness, {
        name: 'x',
        sources: ['store'],
        types: ['jp.kyoka.consent.granted.v1'],
        validUntil: NOW + 1000,
        ...grantOf,
      } as Parameters<typeof registered>[1]);
    const { createPublisher, attributesOf } = await import('@kyoka/publisher');
    const send = async (grantOf: object, draft: Draft) => {
      const { kid, key } = await register(grantOf);
      const event = await createPublisher({ kid, key, source: 'store' }).event({
        id: draft.id,
        type: `jp.kyoka.${draft.type}.v1`,
        time: at,
        data: draft.data as never,
      });
      return one.outcomes({
        attributes: attributesOf(event.headers),
        data: event.value,
        place: 'kyoka.consents.v1/0/9',
        by: { kind: 'mac', plaintext: false },
      });
    };
    expect(await send({}, one.grant(`h1-${one.counter}`))).toEqual(['accepted']);
    expect(await send({ validUntil: NOW - 1 }, one.grant(`h2-${one.counter}`))).toEqual([
      'unauthenticated',
    ]);
    expect(await send({ sources: ['mall.rakuten'] }, one.grant(`h3-${one.counter}`))).toEqual([
      'unauthenticated',
    ]);
    expect(
      await send({ types: ['jp.kyoka.order.placed.v1'] }, one.grant(`h4-${one.counter}`)),
    ).toEqual(['unauthenticated']);
    expect(
      await send(
        {},
        one.grant(`h5-${one.counter}`, { subject: { source: 'mall.rakuten', ref: one.ref } }),
      ),
    ).toEqual(['unauthenticated']);
  });

  it('a contact in the clear, or sealed for another event, is parked on a topic', async () => {
    const sent = await one.harness.signed(one.grant(`i1-${one.counter}`));
    const { kyokakid: _kid, kyokamac: _mac, ...bare } = sent.attributes;
    const clear: RawEvent = {
      ...plain(one.grant(`i2-${one.counter}`)),
      by: { kind: 'unsigned_topic', plaintext: false },
    };
    const pasted: RawEvent = {
      ...sent,
      attributes: { ...bare, id: `i3-${one.counter}` },
      by: { kind: 'unsigned_topic', plaintext: false },
    };
    expect(await one.outcomes(clear, pasted)).toEqual(['contact_not_sealed', 'contact_unreadable']);
  });
});
