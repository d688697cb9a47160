import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Draft, type Harness, openHarness, plain } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const at = (minute: number) => `2026-11-01T09:${String(minute).padStart(2, '0')}:00+09:00`;
let ids = 0;

function draft(type: string, ref: string, data: { readonly [name: string]: Json }): Draft {
  ids += 1;
  return { type, id: `e${ids}`, data: { subject: { source: 'store', ref }, ...data } };
}

const granted = (ref: string, email: string, minute: number, more: object = {}) =>
  draft('consent.granted', ref, {
    category: 'member',
    contacts: [{ kind: 'email', value: email }],
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at(minute),
    policyVersion: 'almado@1',
    evidence: { id: `ev${ids}`, actor: 'subject', ...more },
  });
const grant = (ref: string, email: string, minute: number) => plain(granted(ref, email, minute));
const withdrawal = (ref: string, minute: number) =>
  plain(
    draft('consent.withdrawn', ref, {
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: at(minute),
      evidence: { id: `ev${ids}`, actor: 'subject' },
    }),
  );
const suspension = (email: string, minute: number) =>
  plain({
    type: 'suspension.requested',
    id: `s${(ids += 1)}`,
    data: {
      contacts: [{ kind: 'email', value: email }],
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: at(minute),
    },
  });

/** What a reader of the compacted topic holds of each subject, without what only the topic says. */
async function told(): Promise<Record<string, unknown>> {
  const rows = await harness.db.query<{ name: string; payload: Record<string, unknown> }>(
    `select distinct on (o.key) s.source || '/' || s.ref as name, o.payload
     from permissions.outbox o join permissions.subject s on s.id::text = o.key
     where o.topic = 'kyoka.permissions.v1' order by o.key, o.id desc`,
  );
  return Object.fromEntries(
    rows.map(({ name, payload: { subject: _subject, refs: _refs, at: _at, ...state } }) => [
      name,
      state,
    ]),
  );
}

/** The same as the registers say now. */
async function stored(): Promise<Record<string, unknown>> {
  const states = (await harness.states()) as Record<string, { readonly [name: string]: Json }>;
  const parts = Object.entries(states).map(([name, state]) => {
    const { acquired: _acquired, contacts: _contacts, ...rest } = state;
    return [name, JSON.parse(JSON.stringify(rest))];
  });
  return Object.fromEntries(parts);
}

it('tells of whoever shares the contact point when a consent or a new contact point bears on them', async () => {
  await harness.intake.ingest([grant('a', 'one@example.jp', 1), grant('b', 'one@example.jp', 2)]);
  await harness.intake.ingest([withdrawal('a', 3)]);
  expect((await told())['store/b']).toMatchObject({ stops: [{ through: 'contact_point' }] });

  const confirmed = { confirmed: { by: 'session', at: at(4) } };
  await harness.intake.ingest([await harness.signed(granted('b', 'one@example.jp', 4, confirmed))]);
  expect(await told()).toEqual(await stored());

  // c was stopped long ago; only now a is known to share an address with them.
  await harness.intake.ingest([grant('c', 'two@example.jp', 1)]);
  await harness.intake.ingest([
    plain(
      draft('suspension.requested', 'a', {
        scope: { purposes: ['*'], channels: ['*'] },
        occurredAt: at(5),
      }),
    ),
  ]);
  await harness.intake.ingest([grant('a', 'two@example.jp', 6)]);
  expect((await told())['store/c']).toMatchObject({
    stops: expect.arrayContaining([expect.objectContaining({ kind: 'suspension' })]),
  });
  expect(await told()).toEqual(await stored());
});

it('ends at what is stored when people who share are changed at the same time', async () => {
  const couples = Array.from({ length: 60 }, (_, n) => ({
    left: `l${n}`,
    right: `r${n}`,
    email: `couple${n}@example.jp`,
  }));
  for (const { left, right, email } of couples) {
    await harness.intake.ingest([grant(left, email, 1), grant(right, email, 1)]);
  }
  // Neither of the two transactions sees the other's change before one of them waits.
  for (const { left, right, email } of couples) {
    await Promise.all([
      harness.intake.ingest([withdrawal(left, 2)]),
      harness.intake.ingest([withdrawal(right, 2)]),
      harness.intake.ingest([suspension(email, 3)]),
    ]);
  }
  expect(await told()).toEqual(await stored());
});

it('an event without a place in the inbox may come again: nothing changes, and it is parked once', async () => {
  const { id: _id, ...nameless } = suspension('three@example.jp', 1).attributes;
  const stop = { ...suspension('three@example.jp', 1), attributes: nameless };
  const [first] = await harness.intake.ingest([stop]);
  expect(first).toMatchObject({ outcome: 'parked', reason: 'stop_widened' });
  const count = async () =>
    harness.db.query(
      `select (select count(*)::int from intake.parked) as parked,
         (select count(*)::int from permissions.ledger) as ledger`,
    );
  const before = await count();
  expect(await harness.intake.ingest([stop, stop])).toMatchObject([
    { outcome: 'parked', reason: 'stop_widened' },
    { outcome: 'parked', reason: 'stop_widened' },
  ]);
  expect(await count()).toEqual(before);
});
