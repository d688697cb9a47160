import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Draft, type Harness, openHarness, plain } from './harness.js';
import { registration } from './registrations.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

let ids = 0;
const at = '2026-11-02T09:00:00+09:00';
const event = (type: string, data: { readonly [name: string]: Json }): Draft => {
  ids += 1;
  return { type, id: `w${ids}`, data: { occurredAt: at, ...data } };
};
const of = (ref: string) => ({ subject: { source: 'store', ref } });
const stopsOf = async (ref: string) =>
  ((await harness.states(ref))[`store/${ref}`] as { stops: unknown[] }).stops;
const take = async (draft: Draft) => (await harness.intake.ingest([plain(draft)]))[0];
const WIDENED = { outcome: 'parked', reason: 'stop_widened', stopActIds: [expect.any(String)] };

describe('a stop that names what no policy knows', () => {
  it('of a purpose stops every purpose, and is parked', async () => {
    await harness.intake.ingest([registration('purpose')]);
    const scope = { purposes: ['order', 'marketing'], channels: ['email'] };
    expect(await take(event('suspension.requested', { ...of('purpose'), scope }))).toMatchObject({
      ...WIDENED,
      faults: [{ field: 'data.scope.purposes[1]' }],
    });
    expect(await stopsOf('purpose')).toMatchObject([
      { kind: 'suspension', purpose: '*', channel: 'email' },
    ]);
  });

  it('of a recipient stops every recipient, and is parked', async () => {
    await harness.intake.ingest([registration('recipient')]);
    const cell = { purpose: 'ad_matching', channels: ['ads'] };
    const withdrawal = { ...of('recipient'), ...cell, recipient: 'google_ads' };
    expect(await take(event('consent.withdrawn', withdrawal))).toMatchObject({
      ...WIDENED,
      faults: [{ field: 'data.recipient' }],
    });
    const [act] = await harness.db.query(
      `select a.purposes, a.recipients from permissions.stop_act a
       join permissions.subject s on s.id = a.subject_id where s.ref = 'recipient'`,
    );
    expect(act).toEqual({ purposes: ['ad_matching'], recipients: ['*'] });
    const [register] = await harness.db.query(
      `select c.recipient from permissions.consent c
       join permissions.subject s on s.id = c.subject_id where s.ref = 'recipient'`,
    );
    expect(register).toEqual({ recipient: '' });
  });

  it('control: a lift that names such a purpose lifts nothing', async () => {
    const lift = { ...of('purpose'), scope: { purposes: ['marketing'], channels: ['email'] } };
    const evidence = { id: 'ev-l', actor: 'subject' };
    expect(await take(event('suspension.lifted', { ...lift, evidence }))).toMatchObject({
      outcome: 'parked',
      reason: 'unknown_purpose',
    });
  });
});

describe('a stop of a contact that can be nobody’s', () => {
  const everything = { scope: { purposes: ['*'], channels: ['*'] } };

  it.each([
    ['phone', '090-1234-567'],
    ['email', 'd@example'],
  ])('is parked for a person to read: %s', async (kind, value) => {
    const stop = { contacts: [{ kind, value }], ...everything };
    expect(await take(event('suspension.requested', stop))).toMatchObject({
      ...WIDENED,
      faults: [{ field: 'data.contacts[0]' }],
    });
  });

  it('applies to the subject and the contacts that can be read', async () => {
    await harness.intake.ingest([registration('half')]);
    const stop = {
      ...of('half'),
      contacts: [{ kind: 'phone', value: '090-1234-567' }],
      ...everything,
    };
    expect(await take(event('suspension.requested', stop))).toMatchObject(WIDENED);
    expect(await stopsOf('half')).toMatchObject([{ kind: 'suspension' }]);
  });

  it('reaches an address with control characters around it', async () => {
    await harness.intake.ingest([registration('around')]);
    const stop = { contacts: [{ kind: 'email', value: 'around@example.jp\r\n' }], ...everything };
    expect(await take(event('suspension.requested', stop))).toMatchObject(WIDENED);
    expect(await stopsOf('around')).toMatchObject([{ kind: 'suspension' }]);
  });

  it('reaches an address in the clear on a topic that takes none', async () => {
    await harness.intake.ingest([registration('clear')]);
    const draft = event('suspension.requested', {
      contacts: [{ kind: 'email', value: 'clear@example.jp' }],
      ...everything,
    });
    const by = { kind: 'unsigned_topic', plaintext: false } as const;
    expect(await harness.intake.ingest([{ ...plain(draft), by }])).toMatchObject([WIDENED]);
    expect(await stopsOf('clear')).toMatchObject([{ kind: 'suspension' }]);
  });

  it('control: what stops nothing isn’t parked for it', async () => {
    const bounce = {
      contacts: [{ kind: 'email', value: 'd@example' }],
      channel: 'email',
      bounce: 'soft',
    };
    expect(await take(event('delivery.bounced', bounce))).toMatchObject({ outcome: 'accepted' });
  });
});
