import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { eventOf, idOf, member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
});
afterAll(() => harness.close());

const one = (event: unknown) =>
  harness.ask('/v1/events', { body: event, type: 'application/cloudevents+json' });
const registered = (ref: string, more: object = {}) =>
  eventOf(ref, 'customer.registered', {
    category: 'member',
    policyVersion: POLICY,
    contacts: [{ kind: 'email', value: `${ref}@example.jp` }],
    ...more,
  });

describe('a single event', () => {
  it('is accepted, then a duplicate, and parked with other content under its id', async () => {
    const event = registered('single');
    const first = await one(event);
    expect([first.status, first.json()]).toEqual([202, { outcome: 'accepted' }]);
    expect((await one(event)).json()).toEqual({ outcome: 'duplicate' });
    const other = { ...event, data: { ...event.data, category: 'non_member' } };
    expect((await one(other)).json()).toMatchObject({ outcome: 'parked', reason: 'id_reused' });
    expect(await idOf(harness.ask, 'single')).not.toBe('');
  });

  it('of a type that nobody knows is skipped', async () => {
    const event = { ...registered('skipped'), type: 'com.example.newsletter.opened.v1' };
    expect((await one(event)).json()).toEqual({ outcome: 'skipped' });
    expect(await idOf(harness.ask, 'skipped')).toBe('');
  });

  it('that is malformed is refused with the fields at fault', async () => {
    const answer = await one(registered('malformed', { occurredAt: 'yesterday' }));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'bad_input',
      faults: [{ field: 'data.occurredAt' }],
    });
    expect(await idOf(harness.ask, 'malformed')).toBe('');
  });
});

describe('a batch', () => {
  it('loses no stop to what stands beside or in it', async () => {
    const known = eventOf('batch-hostile', 'customer.registered', {
      category: 'member',
      policyVersion: POLICY,
    });
    const stop = eventOf('batch-hostile', 'suspension.requested', {
      scope: { purposes: ['*'], channels: ['*'] },
    });
    const deep = `{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const hostile = JSON.stringify(stop).replace(
      '"data":{',
      '"data":{"__proto__":{"occurredAt":"2000-01-01T00:00:00Z"},"constructor":{"prototype":1},',
    );
    const body = `[${JSON.stringify(known)},${deep},${hostile}]`;
    const answer = await harness.ask('/v1/events', {
      body,
      type: 'application/cloudevents-batch+json',
    });
    expect(answer.status).toBe(202);
    expect(answer.json()).toMatchObject({
      results: [
        { outcome: 'accepted' },
        { outcome: 'refused', faults: [{ expected: 'at most 64 levels of nesting' }] },
        { outcome: 'accepted' },
      ],
    });
    const id = await idOf(harness.ask, 'batch-hostile');
    expect((await harness.ask(`/v1/subjects/${id}`)).json()).toMatchObject({
      stops: [{ kind: 'suspension' }],
    });
  });

  it('is answered event by event, in order', async () => {
    const known = registered('batch-known');
    expect(await post(harness.ask, [known])).toEqual(['accepted']);
    const { id: _id, ...nameless } = registered('batch-nameless');
    expect(
      await post(harness.ask, [
        registered('batch-new'),
        known,
        registered('batch-policy', { policyVersion: 'almado@9' }),
        {
          ...registered('batch-source'),
          data: {
            ...registered('batch-source').data,
            subject: { source: 'shop.unknown', ref: 'x' },
          },
        },
        registered('batch-category', { category: 'stranger' }),
        { ...registered('batch-type'), type: 'com.example.other' },
        7,
        nameless,
      ]),
    ).toEqual([
      'accepted',
      'duplicate',
      'parked: unknown_policy',
      'parked: unknown_source',
      'parked: unknown_category',
      'skipped',
      'refused',
      'refused',
    ]);
    expect(await idOf(harness.ask, 'batch-new')).not.toBe('');
  });

  it('applies a stop that it could not fully read, and parks it as well', async () => {
    await post(harness.ask, member('stopper', [{ kind: 'email', value: 'stopper@example.jp' }]));
    const unreadable = eventOf('stopper', 'suspension.requested', {
      scope: { purposes: 'all of them', channels: null },
    });
    expect(await post(harness.ask, [unreadable])).toEqual(['parked: stop_widened']);
    const subject = await harness.ask(`/v1/subjects/${await idOf(harness.ask, 'stopper')}`);
    expect(subject.json<{ stops: object[] }>().stops).toEqual([
      expect.objectContaining({ kind: 'suspension', purpose: '*', channel: '*' }),
    ]);
  });

  it('with a contact that is a digest refuses that event only', async () => {
    const digest = 'a'.repeat(64);
    const events = ['email', 'phone'].map((kind) =>
      registered(`digest-${kind}`, { contacts: [{ kind, value: digest }] }),
    );
    const outcomes = await post(harness.ask, [...events, registered('digest-none')]);
    expect(outcomes.at(-1)).toBe('accepted');
    for (const kind of ['email', 'phone']) {
      const body = { subject: { contact: { kind, value: digest } } };
      const answer = await harness.ask('/v1/subjects:find', { body });
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain(digest);
    }
  });

  it('is not lost when the answer is: sent again, it is all duplicates', async () => {
    const events = ['again-1', 'again-2'].map((ref) => registered(ref));
    harness.wire.cutAfterSending('COMMIT\0');
    const cut = await harness.ask('/v1/events', {
      body: events,
      type: 'application/cloudevents-batch+json',
    });
    expect(cut.status).toBe(503);
    expect(await post(harness.ask, events)).toEqual(['duplicate', 'duplicate']);
    expect(await idOf(harness.ask, 'again-2')).not.toBe('');
  });
});

describe('parked events', () => {
  it('are counted by reason, told without their content, and replayed', async () => {
    const late = registered('parked-late', { policyVersion: 'almado@7' });
    expect(await post(harness.ask, [late])).toEqual(['parked: unknown_policy']);
    const parked = await harness.ask('/v1/parked');
    expect(parked.text).not.toContain('parked-late');
    const { waiting, oldest } = parked.json<{
      waiting: { reason: string; events: number }[];
      oldest: { id: string; reason: string }[];
    }>();
    expect(waiting.map(({ reason }) => reason)).toContain('unknown_policy');
    const ids = oldest.filter(({ reason }) => reason === 'unknown_policy').map(({ id }) => id);
    const replay = await harness.ask('/v1/parked:replay', { body: { ids } });
    const { replayed } = replay.json<{ replayed: { id: string; answer: object }[] }>();
    expect(replayed.map(({ id }) => id)).toEqual(ids);
    for (const { answer } of replayed) {
      expect(answer).toMatchObject({ outcome: 'parked', reason: 'unknown_policy' });
    }
  });

  it('are accepted by a replay once the policy is in force', async () => {
    await harness.ask(`/v1/policies/${POLICY}/switch`, { body: { act: 'off', reason: 'test' } });
    expect(await post(harness.ask, [registered('parked-early')])).toEqual([
      'parked: unknown_source',
    ]);
    await harness.switchOn(`/v1/policies/${POLICY}/switch`);
    const body = { reason: 'unknown_source' };
    const replay = await harness.ask('/v1/parked:replay', { body });
    const { replayed } = replay.json<{ replayed: { answer: { outcome: string } }[] }>();
    expect(replayed.map(({ answer }) => answer.outcome)).toContain('accepted');
    expect(await idOf(harness.ask, 'parked-early')).not.toBe('');
    const [row] = (await harness.summary.permissions.query(
      `select replayed_by from intake.parked where state <> 'parked' limit 1`,
    )) as { replayed_by: string }[];
    expect(row?.replayed_by).toBe('user:sato');
  });
});
