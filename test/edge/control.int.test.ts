import type { FreezeAnswer, FreezesAnswer, RunAnswer, SwitchAnswer } from '@kyoka/contracts';
import { DAY, tokyoDay } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

describe('switching on takes two owners, off one', () => {
  const path = '/v1/recipients/google/switch';
  const change = async (body: object, token = harness.tokens.sato) => {
    const answer = await harness.ask(path, { body, token });
    return { status: answer.status, ...answer.json<Partial<SwitchAnswer> & { code?: string }>() };
  };

  it('a request waits, its owner can not approve it, another can', async () => {
    const asked = await change({ act: 'request_on', reason: 'test' });
    expect(asked).toMatchObject({
      status: 202,
      state: 'off',
      pending: { requestedBy: 'user:sato' },
    });
    const approval = { act: 'approve_on', request: asked.pending?.request };
    expect(await change(approval)).toMatchObject({ status: 403, code: 'not_permitted' });
    expect(await change(approval, harness.tokens.suzuki)).toMatchObject({
      status: 200,
      state: 'on',
      requestedBy: 'user:sato',
      approvedBy: 'user:suzuki',
    });
    expect(await change(approval, harness.tokens.suzuki)).toMatchObject({ status: 409 });
    expect(await change({ act: 'off', reason: 'test' })).toMatchObject({
      status: 200,
      state: 'off',
    });
  });

  it.each(['/v1/recipients/nobody/switch', '/v1/policies/almado@99/switch'])(
    'what is not there can not be switched: %s',
    async (unknown) => {
      const answer = await harness.ask(unknown, { body: { act: 'request_on', reason: 'test' } });
      expect(answer.status).toBe(404);
    },
  );
});

describe('a freeze', () => {
  it('refuses everything in its scope until the role that set it lifts it', async () => {
    await harness.switchOn(`/v1/policies/${POLICY}/switch`);
    await post(harness.ask, member('frozen', [{ kind: 'email', value: 'frozen@example.jp' }]));
    const decide = async () => {
      const request = { purpose: 'info_product', channel: 'email' };
      const body = { policy: POLICY, subject: { source: 'store', ref: 'frozen' }, request };
      return (await harness.ask('/v1/decisions', { body })).json();
    };
    expect(await decide()).toMatchObject({ allowed: true });
    const body = { scope: { purposes: ['*'], channels: ['email'] }, reason: 'a leak' };
    const set = await harness.ask('/v1/freezes', { body });
    expect(set.status).toBe(201);
    const freeze = set.json<FreezeAnswer>();
    expect(freeze).toMatchObject({ setBy: 'user:sato', reason: 'a leak' });
    expect(await decide()).toMatchObject({ allowed: false, reasons: [{ code: 'frozen' }] });

    const standing = async () =>
      (await harness.ask('/v1/freezes')).json<FreezesAnswer>().freezes.map(({ id }) => id);
    expect(await standing()).toEqual([freeze.id]);
    const lift = (token: string) =>
      harness.ask(`/v1/freezes/${freeze.id}/lift`, { body: { reason: 'over' }, token });
    expect((await lift(await harness.tokenOf('service:robot', ['freezes:write']))).status).toBe(
      403,
    );
    expect((await lift(harness.tokens.sato)).json()).toMatchObject({
      endedBy: 'user:sato',
      endReason: 'over',
    });
    expect((await lift(harness.tokens.sato)).status).toBe(409);
    expect(await standing()).toEqual([]);
    expect(await decide()).toMatchObject({ allowed: true });
  });
});

describe('a run of an audience', () => {
  const audience = (more: object = {}) => ({
    name: 'skin care',
    recipient: 'google',
    purpose: 'ad_matching',
    policy: POLICY,
    segment: { orders: { category: 'skin_care' } },
    use: { from: tokyoDay(Date.now()), to: tokyoDay(Date.now() + DAY), users: ['user:sato'] },
    ...more,
  });
  const define = async (more: object = {}) => {
    const answer = await harness.ask('/v1/audiences', { body: audience(more) });
    expect(answer.status).toBe(201);
    return `/v1/audiences/${String(answer.json()['id'])}/runs`;
  };
  const start = (path: string, key: string, token = harness.tokens.sato) =>
    harness.ask(path, { method: 'POST', headers: { 'idempotency-key': key }, token });

  it('is the same run under the same key, and another under another', async () => {
    const path = await define();
    const first = await start(path, 'one');
    expect(first.status).toBe(202);
    const { id } = first.json<RunAnswer>();
    expect((await start(path, 'one')).json<RunAnswer>().id).toBe(id);
    expect((await start(await define(), 'one')).json<RunAnswer>().id).not.toBe(id);
    const other = await define();
    const atOnce = await Promise.all(Array.from({ length: 8 }, () => start(other, 'at once')));
    expect(new Set(atOnce.map((answer) => answer.json<RunAnswer>().id)).size).toBe(1);
    expect((await harness.ask(`${path}/${id}`)).json()).toMatchObject({
      id,
      startedBy: 'user:sato',
    });
  });

  it.each([undefined, '', 'a b', '鍵', 'x'.repeat(129)])('needs a key, and not %s', async (key) => {
    const path = await define();
    const headers = key === undefined || key === '鍵' ? {} : { 'idempotency-key': key };
    const answer = await harness.ask(path, { method: 'POST', headers });
    expect(answer.json()).toMatchObject({
      status: 400,
      faults: [{ field: 'Idempotency-Key' }],
    });
  });

  it('is refused to a user whom the audience does not name', async () => {
    const answer = await start(await define(), 'k', harness.tokens.suzuki);
    expect(answer.json()).toMatchObject({ status: 403, faults: [{ field: 'use.users' }] });
  });

  it('takes no body, whatever media type is named for none', async () => {
    const path = await define();
    const headers = { 'idempotency-key': 'k' };
    expect((await harness.ask(path, { body: { limit: 10 }, headers })).status).toBe(400);
    expect((await harness.ask(path, { body: '', headers })).status).toBe(202);
  });

  it('can not be taken over under its key by another user', async () => {
    const path = await define();
    expect((await start(path, 'one')).status).toBe(202);
    expect((await start(path, 'one', harness.tokens.suzuki)).status).toBe(409);
  });

  it('is found under its own audience only', async () => {
    const path = await define();
    const { id } = (await start(path, 'mine')).json<RunAnswer>();
    expect((await harness.ask(`${await define()}/${id}`)).status).toBe(404);
  });
});
