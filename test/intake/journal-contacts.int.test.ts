import { catchUpWithJournal, createIntake, type RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { openPool, type Pool, queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, plain } from './harness.js';
import { registration } from './registrations.js';
import { statesOf } from './states.js';

let harness: Harness;
/** A database that took the same registrations, and none of the stops: an older copy. */
let older: TestDatabase;
let olderPool: Pool;
beforeAll(async () => {
  harness = await openHarness();
  older = await databaseForTests();
  olderPool = await openPool(older.url, {
    role: 'kyoka_permissions',
    max: 2,
    applicationName: 'older-copy',
  });
});
afterAll(async () => {
  await olderPool.destroy();
  await older.drop();
  await harness.close();
});

const stop = (data: { readonly [name: string]: Json }): RawEvent =>
  plain({
    type: 'suspension.requested',
    id: 'j-stop',
    data: {
      subject: { source: 'store', ref: 'stopped' },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-11-02T09:00:00+09:00',
      ...data,
    },
  });

it('a start on an older copy stops whoever has a contact point that only the stop named', async () => {
  const people = [registration('stopped'), registration('sharer'), registration('stranger')];
  await harness.intake.ingest(people);
  await createIntake({ ...harness.ports, pool: olderPool }).ingest(people);
  await harness.intake.ingest([
    stop({ contacts: [{ kind: 'email', value: 'sharer@example.jp' }] }),
  ]);
  const stopsIn = async (pool: Pool) =>
    Object.entries(await statesOf(queryable(pool))).map(([name, state]) => [
      name,
      (state as { stops: { through: string }[] }).stops.map(({ through }) => through),
    ]);
  const wanted = [
    ['store/sharer', ['contact_point']],
    ['store/stopped', ['own']],
    ['store/stranger', []],
  ];
  expect(await stopsIn(harness.pool)).toEqual(wanted);
  expect((await stopsIn(olderPool)).flatMap(([, through]) => through)).toEqual([]);

  const dir = `${harness.folder}/journal`;
  expect(await catchUpWithJournal({ pool: olderPool, dir, clock: () => NOW })).toBe(1);
  expect(await stopsIn(olderPool)).toEqual(wanted);
});

it('a stop that only the journal held is what it was once its event comes as well, for everybody', async () => {
  const people = [registration('w-sharer'), registration('w-stranger')];
  const older = createIntake({ ...harness.ports, pool: olderPool });
  await harness.intake.ingest(people);
  await older.ingest(people);
  const withdrawal = plain({
    type: 'consent.withdrawn',
    id: 'j-withdrawal',
    data: {
      subject: { source: 'store', ref: 'w-gone' },
      category: 'member',
      contacts: [{ kind: 'email', value: 'w-sharer@example.jp' }],
      purpose: '*',
      channels: ['email'],
      occurredAt: '2026-11-02T09:00:00+09:00',
      policyVersion: 'almado@1',
      evidence: {
        id: 'ev-w',
        form: 'f',
        wordingVersion: '1',
        method: 'checkbox',
        actor: 'subject',
      },
    },
  });
  await harness.intake.ingest([withdrawal]);
  const kinds = async (pool: Pool) =>
    Object.entries(await statesOf(queryable(pool), 'w-')).map(([name, state]) => [
      name,
      (state as { stops: { kind: string; through: string }[] }).stops.map(
        ({ kind, through }) => `${kind} ${through}`,
      ),
    ]);

  const dir = `${harness.folder}/journal`;
  expect(await catchUpWithJournal({ pool: olderPool, dir, clock: () => NOW })).toBe(1);
  expect(await kinds(olderPool)).toEqual([
    ['store/w-gone', []],
    ['store/w-sharer', ['objection contact_point']],
    ['store/w-stranger', []],
  ]);

  // Somebody else's event about the contact point settles nothing: it doesn't say that w-gone had it.
  await older.ingest([registration('w-sharer')]);
  expect(Object.fromEntries(await kinds(olderPool))).toMatchObject({
    'store/w-sharer': ['objection contact_point'],
  });

  await older.ingest([withdrawal]);
  const stored = await statesOf(queryable(olderPool), 'w-');
  expect(stored).toEqual(await statesOf(harness.db, 'w-'));
  expect(Object.fromEntries(await kinds(olderPool))).toMatchObject({
    'store/w-sharer': [expect.stringContaining('withdrawal')],
  });
  const told = await queryable(olderPool).query<{ name: string; stops: unknown }>(
    `select distinct on (s.ref) s.source || '/' || s.ref as name, o.payload -> 'stops' as stops
      from permissions.outbox o join permissions.subject s on s.id::text = o.key
     where o.topic = 'kyoka.permissions.v1' and starts_with(s.ref, 'w-') order by s.ref, o.id desc`,
  );
  expect(told).toEqual(
    Object.entries(stored).map(([name, state]) => ({
      name,
      stops: JSON.parse(JSON.stringify((state as { stops: unknown }).stops)) as unknown,
    })),
  );
});
