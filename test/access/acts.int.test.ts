import { formatInstant, HOUR } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const SOON = formatInstant(Date.now() + HOUR);
const ALL = ['policies:write', 'freezes:write', 'audiences:run', 'tokens:write'];
const tokenFor = async (more: object, token = harness.tokens.sato): Promise<string> => {
  const body = { name: 'a test', scopes: ALL, endsAt: SOON, ...more };
  return (await harness.ask('/v1/tokens', { body, token })).json<{ token: string }>().token;
};
const latestActs = async (count: number) =>
  (
    await queryable(harness.summary.permissions).query<{ line: string }>(
      `select concat_ws(' ', owner, act, target) as line from access.act
        where act not like 'token.%' order by block desc limit $1`,
      [count],
    )
  ).map(({ line }) => line);

describe('a second person', () => {
  const path = `/v1/policies/${POLICY}/switch`;
  const request = async (token: string) =>
    (await harness.ask(path, { body: { act: 'request_on', reason: 'test' }, token })).json<{
      pending: { request: string };
    }>().pending.request;
  const approve = (asked: string, token: string) =>
    harness.ask(path, { body: { act: 'approve_on', request: asked }, token });

  it('is nobody with another token of the same owner, and no service that they made a token for', async () => {
    const asked = await request(harness.tokens.sato);
    for (const more of [{}, { owner: 'service:robot' }]) {
      const refused = await approve(asked, await tokenFor(more));
      expect([refused.status, refused.json()['code']]).toEqual([403, 'not_permitted']);
    }
    const through = await tokenFor({}, await tokenFor({ owner: 'service:robot' }));
    expect((await approve(asked, through)).status).toBe(403);
  });

  it('is not the maker of the token that asked', async () => {
    const asked = await request(await tokenFor({ owner: 'service:robot' }));
    expect((await approve(asked, harness.tokens.sato)).status).toBe(403);
    expect((await approve(asked, harness.tokens.suzuki)).status).toBe(200);
    expect(await latestActs(2)).toEqual([
      `user:suzuki switch.approved ${POLICY}`,
      `service:robot switch.requested ${POLICY}`,
    ]);
  });
});

describe('what a person does is in the chain', () => {
  it('a freeze, by the role of who set it, and its end by anybody of that role', async () => {
    const frozen = await harness.ask('/v1/freezes', {
      body: { scope: { purposes: ['*'], channels: ['dm'] }, reason: 'a leak' },
    });
    const { id, role } = frozen.json<{ id: string; role: string }>();
    expect(role).toBe('role:administrator');
    const lift = (token: string) =>
      harness.ask(`/v1/freezes/${id}/lift`, { body: { reason: 'over' }, token });
    expect((await lift(await tokenFor({ owner: 'service:robot' }))).status).toBe(403);
    expect((await lift(harness.tokens.suzuki)).status).toBe(200);
    expect(await latestActs(2)).toEqual([
      `user:suzuki freeze.lifted ${id}`,
      `user:sato freeze.set ${id}`,
    ]);
  });

  it('an audience, its run and its end; it may name a role', async () => {
    const defined = await harness.ask('/v1/audiences', {
      body: {
        name: 'test',
        segment: { orders: { category: 'skin-care', within: 'P180D' } },
        policy: POLICY,
        purpose: 'ad_matching',
        recipient: 'google',
        use: { from: '2026-01-01', to: '2099-12-31', users: ['role:marketing'] },
      },
    });
    const { id } = defined.json<{ id: string }>();
    const run = (key: string, token: string) =>
      harness.ask(`/v1/audiences/${id}/runs`, {
        method: 'POST',
        token,
        headers: { 'idempotency-key': key },
      });
    expect((await run('1', await tokenFor({ owner: 'service:robot' }))).status).toBe(403);
    await queryable(harness.summary.permissions).query(
      `update access.token set roles = '{administrator,marketing}' where owner = 'user:suzuki'`,
    );
    expect((await run('2', harness.tokens.suzuki)).status).toBe(202);
    const [row] = await queryable(harness.summary.audiences).query(
      'select acting_user, acting_role from audiences.audience where id = $1',
      [id],
    );
    expect(row).toEqual({ acting_user: 'user:suzuki', acting_role: 'role:marketing' });
    await harness.ask(`/v1/audiences/${id}/end`, { body: {} });
    await harness.ask(`/v1/audiences/${id}/end`, { body: {} });
    expect(await latestActs(3)).toEqual([
      `user:sato audience.ended ${id}`,
      `user:suzuki audience.run ${id}`,
      `user:sato audience.defined ${id}`,
    ]);
  });

  it('a suspension, and whose record somebody looked at', async () => {
    const suspended = await harness.ask('/v1/suspensions', {
      body: {
        subject: { source: 'store', ref: 'c-seen' },
        scope: { purposes: ['*'], channels: ['*'] },
      },
    });
    const { id, subjects } = suspended.json<{ id: string; subjects: string[] }>();
    expect(await latestActs(1)).toEqual([`user:sato suspension.asked ${id}`]);
    const [subject] = (
      await harness.ask('/v1/subjects:find', {
        body: { subject: { source: 'store', ref: 'c-seen' } },
      })
    ).json<{ subjects: string[] }>().subjects;
    expect([subject]).toEqual(subjects);
    expect((await harness.ask(`/v1/subjects/${subject}`)).status).toBe(200);
    expect(await latestActs(2)).toEqual([
      `user:sato subject.read ${subject}`,
      `user:sato subject.found ${subject}`,
    ]);
  });

  it('is not there where its effect was refused', async () => {
    const before = await latestActs(1);
    const refused = await harness.ask('/v1/freezes', {
      body: { scope: { purposes: ['no_such'], channels: ['*'] }, reason: 'x' },
    });
    expect(refused.status).toBe(400);
    expect(await latestActs(1)).toEqual(before);
  });
});
