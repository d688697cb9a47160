import type { RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, plain } from './harness.js';
import { registration } from './registrations.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const onTopic = (event: RawEvent): RawEvent => ({
  ...event,
  by: { kind: 'unsigned_topic', plaintext: false },
  place: 'kyoka.suspensions.v1/0/7',
});
const stop = (id: string, data: { readonly [name: string]: Json }): RawEvent =>
  plain({
    type: 'suspension.requested',
    id,
    data: {
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-11-02T09:00:00+09:00',
      ...data,
    },
  });
const stopsOf = async (ref: string) =>
  ((await harness.states(ref))[`store/${ref}`] as { stops: unknown[] }).stops;

/** Whether any row of the intake, of the subjects, the ledger or the outbox holds a text. */
async function holds(text: string): Promise<boolean> {
  const tables = [
    'intake.event',
    'intake.parked',
    'permissions.subject',
    'permissions.stop_act',
    'permissions.ledger',
    'permissions.outbox',
  ];
  const rows = await harness.db.query<{ found: boolean }>(
    tables
      .map(
        (table) => `select exists (select from ${table} t where strpos(t::text, $1) > 0) as found`,
      )
      .join(' union all '),
    [text],
  );
  return rows.some(({ found }) => found);
}

it('a stop whose subject is named by an address stops that address, and is parked', async () => {
  await harness.intake.ingest([registration('hanako')]);
  const named = { subject: { source: 'store', ref: 'hanako@example.jp' } };
  expect(await harness.intake.ingest([onTopic(stop('s1', named))])).toMatchObject([
    { outcome: 'parked', reason: 'stop_widened', faults: [{ field: 'data.subject.ref' }] },
  ]);
  expect(await stopsOf('hanako')).toMatchObject([{ kind: 'suspension' }]);
  expect(await holds('hanako@example.jp')).toBe(false);
});

it('an event whose id is an address is parked without it, and what it stops is stopped', async () => {
  await harness.intake.ingest([registration('jiro')]);
  const named = { subject: { source: 'store', ref: 'jiro' } };
  expect(await harness.intake.ingest([onTopic(stop('090-1234-5678', named))])).toMatchObject([
    { outcome: 'parked', reason: 'stop_widened', faults: [{ field: 'id' }] },
  ]);
  expect(await stopsOf('jiro')).toMatchObject([{ kind: 'suspension' }]);
  expect(await holds('090-1234-5678')).toBe(false);
});

it('what stops nothing is refused over HTTP, and parked from a topic', async () => {
  const event = registration('saburo@example.jp');
  expect(await harness.intake.ingest([event, onTopic(event)])).toMatchObject([
    { outcome: 'refused', faults: [{ field: 'data.subject.ref' }] },
    { outcome: 'parked', reason: 'malformed' },
  ]);
  expect(await holds('saburo@example.jp')).toBe(false);
});

it('control: a reference is found in the tables that hold it', async () => {
  await harness.intake.ingest([registration('shiro')]);
  expect(await holds('shiro')).toBe(true);
});
