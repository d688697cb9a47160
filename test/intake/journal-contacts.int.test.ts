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
