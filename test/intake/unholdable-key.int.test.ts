import { randomBytes } from 'node:crypto';
import type { RawEvent } from '@kyoka/intake';
import { openPool, queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, plain } from './harness.js';
import { known, registration } from './registrations.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const everything = { scope: { purposes: ['*'], channels: ['*'] } };
const stopOf = (ref: string, id: string): RawEvent =>
  onTopic(
    plain({
      type: 'suspension.requested',
      id,
      data: {
        subject: { source: 'store', ref },
        ...everything,
        occurredAt: '2026-11-02T09:00:00Z',
      },
    }),
  );
/** As a record of a topic that takes unsigned events, where a malformed one is parked. */
const onTopic = (event: RawEvent): RawEvent => ({
  ...event,
  by: { kind: 'unsigned_topic', plaintext: true },
  place: 'kyoka.suspensions.v1/0/7',
});
const stopsOf = async (ref: string) =>
  ((await harness.states(ref))[`store/${ref}`] as { stops: unknown[] }).stops;

/** What the answer says was expected, and so which of the parked is meant. */
const FAULT: Readonly<Record<string, string>> = {
  nul: 'text without control characters',
  long: 'at most 256 characters',
};

describe.each([
  ['with a NUL', 'nul', 'x\u0000y'],
  ['too long for an index', 'long', randomBytes(6000).toString('hex')],
])('an id %s', (_why, ref, id) => {
  it('does not lose the stop: it takes effect, parked once without a key', async () => {
    await harness.intake.ingest([registration(ref)]);
    const stop = stopOf(ref, id);
    expect(await harness.intake.ingest([registration(`${ref}-next`), stop])).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'parked', reason: 'stop_widened', stopActIds: [expect.any(String)] },
    ]);
    await harness.intake.ingest([stop]);
    expect(await stopsOf(ref)).toMatchObject([{ kind: 'suspension' }]);
    const rows = await harness.db.query<{ applied: boolean }>(
      `select applied from intake.parked where reason = 'stop_widened' and ce_id is null and faults @> $1`,
      [JSON.stringify([{ field: 'id', expected: FAULT[ref] }])],
    );
    expect(rows).toEqual([{ applied: true }]);
  });

  it('parks any other event, and intake goes on', async () => {
    const event = registration(`lost-${ref}`);
    const broken = onTopic({ ...event, attributes: { ...event.attributes, id } });
    expect(await harness.intake.ingest([broken, registration(`after-${ref}`)])).toMatchObject([
      { outcome: 'parked', reason: 'malformed' },
      { outcome: 'accepted' },
    ]);
    expect(await known(harness, `lost-${ref}`)).toEqual([]);
  });

  it('control: the inbox itself refuses it', async () => {
    const entering = harness.db.query(
      `insert into intake.event (ce_source, ce_id, digest, outcome, arrived_at)
       values ('store', $1, '\\x00', 'parked', now())`,
      [id],
    );
    await expect(entering).rejects.toMatchObject({ blamesData: true });
  });
});

it('a stop whose key keeps the contract and is refused all the same still stops', async () => {
  const pool = await openPool(harness.database.url, { max: 1, applicationName: 'key-owner' });
  await queryable(pool).query(
    `alter table intake.event add constraint no_poison check (ce_id not like '%poison%')`,
  );
  await pool.destroy();
  await harness.intake.ingest([registration('kept')]);
  expect(await harness.intake.ingest([stopOf('kept', 'poison-1')])).toMatchObject([
    { outcome: 'parked', reason: 'stop_widened', stopActIds: [expect.any(String)] },
  ]);
  expect(await stopsOf('kept')).toMatchObject([{ kind: 'suspension' }]);
});
