import { DAY, tokyoDay } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { eventually } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { idOf, member, post } from './people.js';

const TOPICS = ['kyoka.permissions.v1', 'kyoka.suspension-progress.v1', 'kyoka.releases.v1'];

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  await harness.switchOn('/v1/recipients/google/switch');
  harness.worker.start();
});
afterAll(() => harness.close());

const until = tokyoDay(Date.now() + DAY);
const register = async (topic: string, sources: string[]) => {
  const answer = await harness.ask('/v1/readers', {
    body: { name: 'order desk', topic, sources, until },
  });
  return { status: answer.status, ...answer.json<{ id: string }>() };
};

/** What each topic has told of the references of a subject, by topic. */
async function toldOf(subject: string) {
  const { permissions, audiences } = harness.summary;
  const told: Record<string, unknown[]> = {};
  for (const [pool, schema] of [
    [permissions, 'permissions'],
    [audiences, 'audiences'],
  ] as const) {
    const rows = await queryable(pool).query<{ topic: string; refs: unknown }>(
      `select topic, payload->'refs' as refs from ${schema}.outbox
       where payload->>'subject' = $1 order by id`,
      [subject],
    );
    for (const { topic, refs } of rows) (told[topic] ??= []).push(refs);
  }
  return told;
}

/** A member who is sent to a network and then stops everything. */
async function throughEverything(ref: string) {
  await post(harness.ask, member(ref, [{ kind: 'email', value: `${ref}@example.jp` }]));
  const id = await idOf(harness.ask, ref);
  const audience = await harness.ask('/v1/audiences', {
    body: {
      name: ref,
      recipient: 'google',
      purpose: 'ad_matching',
      policy: POLICY,
      segment: { orders: { category: 'skin_care' } },
      use: { from: tokyoDay(Date.now()), to: until, users: ['user:sato'] },
    },
  });
  await harness.ask(`/v1/audiences/${audience.json<{ id: string }>().id}/runs`, {
    method: 'POST',
    headers: { 'idempotency-key': ref },
  });
  await eventually('it is released', async () => 'kyoka.releases.v1' in (await toldOf(id)));
  await harness.ask('/v1/suspensions', {
    body: { subject: { id }, scope: { purposes: ['*'], channels: ['*'] } },
  });
  await eventually('a removal is told', async () => {
    const progress = (await toldOf(id))['kyoka.suspension-progress.v1'] ?? [];
    return progress.length > 1;
  });
  return id;
}

it('events carry a reference only where a reader of their topic is registered for its source', async () => {
  await register('kyoka.permissions.v1', ['mall.rakuten']);
  const before = await toldOf(await throughEverything('untold'));
  expect(Object.keys(before).sort()).toEqual([...TOPICS].sort());
  expect(Object.values(before).flat(2)).toEqual([]);

  for (const topic of TOPICS) expect((await register(topic, ['store'])).status).toBe(201);
  const after = await toldOf(await throughEverything('told'));
  expect(Object.keys(after).sort()).toEqual([...TOPICS].sort());
  for (const refs of Object.values(after).flat()) {
    expect(refs).toEqual([{ source: 'store', ref: 'told' }]);
  }
});

it('kyoka reader adds, lists and ends', async () => {
  const words = ['reader', 'add', '--name', 'crm', '--topic', 'kyoka.releases.v1'];
  const added = await kyoka(harness, [...words, '--source', 'import', '--until', until]);
  expect(added).toMatchObject({ code: 0, out: [{ name: 'crm', sources: ['import'] }] });
  const id = String(added.out[0]?.['id']);
  expect((await kyoka(harness, ['reader', 'list'])).out).toContainEqual(added.out[0]);
  expect((await kyoka(harness, ['reader', 'end', id])).out).toMatchObject([
    { id, endedBy: 'user:sato' },
  ]);
});

it('a reader that has ended is told no more, and is refused in the past', async () => {
  const listed = await harness.ask('/v1/readers');
  const { readers } = listed.json<{ readers: { id: string; sources: string[] }[] }>();
  for (const { id } of readers.filter(({ sources }) => sources.includes('store'))) {
    const ended = await harness.ask(`/v1/readers/${id}/end`, { method: 'POST' });
    expect(ended.json()).toMatchObject({ id, endedBy: 'user:sato' });
    const again = await harness.ask(`/v1/readers/${id}/end`, { method: 'POST' });
    expect(again.json()).toEqual(ended.json());
  }
  await post(harness.ask, member('after-end', []));
  const told = await toldOf(await idOf(harness.ask, 'after-end'));
  expect(told['kyoka.permissions.v1']?.length).toBeGreaterThan(0);
  expect(Object.values(told).flat(2)).toEqual([]);

  const late = { name: 'x', topic: TOPICS[0], sources: ['store'], until: '2026-01-01' };
  const refused = await harness.ask('/v1/readers', { body: late });
  expect(refused.json()).toMatchObject({ status: 400, faults: [{ field: 'until' }] });
  const unknown = await harness.ask('/v1/readers', {
    body: { ...late, until, topic: 'kyoka.orders.v1' },
  });
  expect(unknown.status).toBe(400);
});
