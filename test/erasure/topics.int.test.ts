import { OutboxRelay } from '@kyoka/transport';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Erasures, erasing, granted, openErasures } from './harness.js';

let system: Erasures;
beforeAll(async () => {
  system = await openErasures();
});
afterAll(() => system.close());

interface Told {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly type: string | undefined;
}

/** What the outbox holds, as a broker gets it. */
async function relayed(): Promise<Told[]> {
  const told: Told[] = [];
  const relay = new OutboxRelay({
    pool: system.pool,
    schema: 'permissions',
    producer: {
      async send(topic, records) {
        for (const { key, value, headers } of records) {
          told.push({
            topic,
            key,
            value: value === null ? null : String(value),
            type: headers['ce_type'],
          });
        }
      },
    },
    onFault: () => {},
  });
  while ((await relay.relayOnce()) > 0);
  return told;
}

const of = (told: readonly Told[], topic: string, key: string) =>
  told.filter((one) => one.topic === topic && one.key === key);

it('an erasure takes the person out of the compacted topic, and tells its steps', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const [taro, hana] = [await system.idOf('taro'), await system.idOf('hana')];
  const before = await relayed();
  expect(of(before, 'kyoka.permissions.v1', taro).at(-1)?.value).toContain('info_product');

  const [id] = await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  await system.settle();
  const after = await relayed();
  const last = of(after, 'kyoka.permissions.v1', taro).at(-1);
  expect(last).toEqual({
    topic: 'kyoka.permissions.v1',
    key: taro,
    value: null,
    type: 'jp.kyoka.permission.changed.v1',
  });
  expect(of(after, 'kyoka.permissions.v1', hana)).toEqual([]);
  const steps = of(after, 'kyoka.suspension-progress.v1', taro).map(
    ({ value }) =>
      JSON.parse(value ?? '{}') as { suspension: string; step: string; unreadableAfter?: string },
  );
  expect(steps.map(({ suspension, step }) => [suspension, step])).toEqual([
    [id, 'barrier'],
    [id, 'erasure_carried_out'],
    [id, 'erased'],
  ]);
  expect(steps.at(-1)?.unreadableAfter).toBe('2026-12-18');
});

it('what comes in late brings nothing back into it, and what the person does anew is told', async () => {
  const taro = await system.idOf('taro');
  await system.take(granted('taro', 'late@example.jp'));
  expect(of(await relayed(), 'kyoka.permissions.v1', taro).map(({ value }) => value)).toEqual([
    null,
  ]);
  const anew = granted('taro', 'new@example.jp');
  const data = JSON.parse(Buffer.from(anew.data).toString()) as object;
  const occurredAt = new Date(system.clock.now).toISOString();
  await system.take({ ...anew, data: Buffer.from(JSON.stringify({ ...data, occurredAt })) });
  const [told] = of(await relayed(), 'kyoka.permissions.v1', taro);
  expect(told?.value).toMatch(/"kind": *"erasure"/);
});
