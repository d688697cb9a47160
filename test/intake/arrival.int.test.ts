import { HOUR, MINUTE } from '@kyoka/kernel';
import { replayParked } from '@kyoka/intake';
import { attributesOf, createPublisher } from '@kyoka/publisher';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, SOURCES } from './harness.js';
import { registered } from './registered.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const KEY_ENDS = NOW + HOUR;

/** A stop that its publisher signed, as a record that the broker appended at some moment. */
async function stopAppendedAt(ref: string, arrivedAt: number | undefined) {
  const type = 'jp.kyoka.suspension.requested.v1';
  const { kid, key } = await registered(harness, {
    name: ref,
    sources: SOURCES,
    types: [type],
    validUntil: KEY_ENDS,
  });
  const event = await createPublisher({ kid, key, source: 'store' }).event({
    id: ref,
    type,
    time: '2026-11-20T10:00:00+09:00',
    data: {
      subject: { source: 'store', ref },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-11-20T10:00:00+09:00',
    },
  });
  return {
    attributes: attributesOf(event.headers),
    data: event.value,
    place: 'kyoka.suspensions.v1/0/1',
    ...(arrivedAt !== undefined && { arrivedAt }),
    by: { kind: 'mac', plaintext: false },
  } as const;
}

const outcomeAt = async (now: number, event: Awaited<ReturnType<typeof stopAppendedAt>>) => {
  harness.clock.now = now;
  const [answer] = await harness.intake.ingest([event]);
  return answer?.reason ?? answer?.outcome;
};
const stopsOf = async (ref: string) =>
  ((await harness.states(ref))[`store/${ref}`] as { stops?: object[] } | undefined)?.stops ?? [];

it('a stop that was published in time counts, however late it is read', async () => {
  const event = await stopAppendedAt('in-time', KEY_ENDS - MINUTE);
  expect(await outcomeAt(KEY_ENDS + HOUR, event)).toBe('accepted');
  expect(await stopsOf('in-time')).toMatchObject([{ kind: 'suspension' }]);
  const [row] = await harness.db.query<{ inbox: Date; act: Date }>(
    `select (select arrived_at from intake.event where ce_id = 'in-time') as inbox,
       (select max(arrived_at) from permissions.stop_act) as act`,
  );
  expect([row?.inbox.getTime(), row?.act.getTime()]).toEqual([
    KEY_ENDS - MINUTE,
    KEY_ENDS - MINUTE,
  ]);
});

it.each([
  ['appended after the end of its key', 'too-late', KEY_ENDS + MINUTE],
  ['whose transport knows no arrival', 'unknown', undefined],
])('control: one that was %s is parked and stops nothing', async (_, ref, appendedAt) => {
  const event = await stopAppendedAt(ref, appendedAt);
  expect(await outcomeAt(KEY_ENDS + HOUR, event)).toBe('unauthenticated');
  expect(await stopsOf(ref)).toEqual([]);
});

it('a broker whose clock is ahead makes nothing arrive after it was read', async () => {
  const event = await stopAppendedAt('ahead', KEY_ENDS + HOUR);
  expect(await outcomeAt(KEY_ENDS - MINUTE, event)).toBe('accepted');
});

it('one that is parked keeps its arrival, so a replay judges it as of then', async () => {
  const event = await stopAppendedAt('replayed', KEY_ENDS - MINUTE);
  const stranger = { ...event, attributes: { ...event.attributes, kyokamac: 'A'.repeat(43) } };
  expect(await outcomeAt(KEY_ENDS + HOUR, stranger)).toBe('unauthenticated');
  const [row] = await harness.db.query<{ id: string; arrived_at: Date }>(
    `select id, arrived_at from intake.parked where state = 'parked' order by arrived_at limit 1`,
  );
  expect(row?.arrived_at.getTime()).toBe(KEY_ENDS - MINUTE);
  const wish = { ids: [row?.id ?? ''], limit: 1, actor: 'user:test' };
  expect(await replayParked(harness.ports, wish)).toMatchObject([
    { answer: { outcome: 'parked', reason: 'unauthenticated' } },
  ]);
});
