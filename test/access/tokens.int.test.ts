import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { problem, tokenRequest } from '@kyoka/contracts';
import { DAY, formatInstant, HOUR } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readDoc } from '../contract/documents.js';
import { type Harness, openHarness } from '../edge/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

interface Made {
  readonly id: string;
  readonly token: string;
}

const inHours = (hours: number) => formatInstant(Date.now() + hours * HOUR);
const SOON = inHours(1);
const wish = (over: object = {}) => ({
  name: 'a test',
  scopes: ['decisions:ask'],
  endsAt: SOON,
  ...over,
});
const make = (over: object = {}, token = harness.tokens.sato) =>
  harness.ask('/v1/tokens', { body: wish(over), token });
const made = async (over: object = {}, token = harness.tokens.sato): Promise<Made> => {
  const answer = await make(over, token);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.json<Made & Record<string, unknown>>();
};
const statusOf = async (path: string, token: string) => (await harness.ask(path, { token })).status;
const actsOn = (target: string) =>
  queryable(harness.summary.permissions).query<{ act: string; owner: string }>(
    'select act, owner from access.act where target = $1 order by block',
    [target],
  );

describe('a token', () => {
  it('does what its scopes say, and no more: the answer names the one that is missing', async () => {
    const { token } = await made({ scopes: ['parked:read'] });
    expect(await statusOf('/v1/parked', token)).toBe(200);
    const refused = await harness.ask('/v1/freezes', { token });
    expect(refused.status).toBe(403);
    expect(problem.parse(refused.json())).toMatchObject({
      code: 'not_permitted',
      title: 'The scope operations:read is missing',
      faults: [{ field: 'scope', expected: 'operations:read' }],
    });
  });

  it('says who it belongs to and who made it, and is kept as a digest', async () => {
    const answer = await make({ owner: 'service:ad-sync', quotaPerMinute: 10 });
    expect(answer.json()).toMatchObject({
      owner: 'service:ad-sync',
      madeBy: 'user:sato',
      quotaPerMinute: 10,
    });
    const { id, token } = answer.json<Made>();
    const rows = await harness.summary.permissions.query('select * from access.token');
    expect(JSON.stringify(rows)).not.toContain(token.slice('kyoka_'.length));
    expect(await actsOn(id)).toEqual([{ act: 'token.made', owner: 'user:sato' }]);
  });
});

describe('the example of the documentation', () => {
  const example = tokenRequest.parse(JSON.parse(readDoc('examples/http/makeToken.request.json')));

  it.each([0, 1, 10])('makes what it says in %i years', async (years) => {
    const clock = () => Date.now() + years * 365 * DAY;
    const door = harness.anotherDoor(clock);
    const token = await harness.tokenAt(clock, 60 * DAY);
    const maker = await door.identify('token', token);
    if (maker === undefined) throw new Error('the token of that year opens nothing');
    await queryable(harness.summary.permissions).query(
      `update access.token set roles = '{administrator,marketing}' where id = $1`,
      [maker.credential],
    );
    const answer = await door.tokens.make(example, maker);
    expect(Date.parse(answer.endsAt) - Date.parse(answer.startsAt)).toBe(30 * DAY);
  });
});

describe('none outranks or outlives its maker', () => {
  it('a scope that the maker lacks is refused by its name', async () => {
    const { token } = await made({ scopes: ['parked:read', 'decisions:ask'] });
    const refused = await make({ scopes: ['parked:read', 'parked:replay'] }, token);
    expect([refused.status, refused.json()['faults']]).toEqual([
      403,
      [{ field: 'scope', expected: 'parked:replay' }],
    ]);
    expect((await make({ scopes: ['parked:read'] }, token)).status).toBe(201);
  });

  it('so is a role that the maker lacks', async () => {
    const { token } = await made({ roles: [] });
    expect((await make({ roles: ['administrator'] }, token)).status).toBe(403);
  });

  it('an end after that of the maker is refused, and so is one after the longest', async () => {
    const { token } = await made();
    const later = await make({ endsAt: inHours(2) }, token);
    expect([later.status, later.json<{ faults: { field: string }[] }>().faults[0]?.field]).toEqual([
      400,
      'endsAt',
    ]);
    const long = await harness.tokenAt(Date.now, 400 * DAY);
    expect((await make({ endsAt: inHours(24 * 91) }, long)).status).toBe(400);
    expect((await make({ endsAt: inHours(24 * 89) }, long)).status).toBe(201);
  });

  it('a name of somebody else is refused; a service needs tokens:write', async () => {
    expect((await make({ owner: 'user:suzuki' })).status).toBe(403);
    const { token } = await made({ scopes: ['decisions:ask'] });
    const refused = await make({ owner: 'service:x' }, token);
    expect([refused.status, refused.json()['faults']]).toEqual([
      403,
      [{ field: 'scope', expected: 'tokens:write' }],
    ]);
  });

  it('a quota of its own is not exceeded by what it makes', async () => {
    const { token } = await made({ quotaPerMinute: 100 });
    expect((await make({}, token)).status).toBe(403);
    expect((await make({ quotaPerMinute: 101 }, token)).status).toBe(403);
    expect((await make({ quotaPerMinute: 50 }, token)).status).toBe(201);
  });

  it('and so is the quota that everybody has', async () => {
    const { token } = await made();
    expect((await make({ quotaPerMinute: 600_001 }, token)).status).toBe(403);
    expect((await make({ quotaPerMinute: 600_000 }, token)).status).toBe(201);
  });

  it('what was made with a token ends with it, through every hand, at once', async () => {
    const first = await made({ scopes: ['parked:read', 'decisions:ask'] });
    const second = await made({ scopes: ['parked:read'] }, first.token);
    const third = await made({ scopes: ['parked:read'] }, second.token);
    const beside = await made({ scopes: ['parked:read'] });
    const family = [first, second, third];
    for (const { token } of family) expect(await statusOf('/v1/parked', token)).toBe(200);

    const revoke = () => harness.ask(`/v1/tokens/${first.id}/revoke`, { body: {} });
    expect((await revoke()).json()).toEqual({ revoked: family.map(({ id }) => id).sort() });
    for (const { token } of family) expect(await statusOf('/v1/parked', token)).toBe(401);
    expect(await statusOf('/v1/parked', beside.token)).toBe(200);
    expect((await revoke()).json()).toEqual({ revoked: [] });
    expect((await actsOn(first.id)).map(({ act }) => act)).toEqual(['token.made', 'token.revoked']);
  });

  it('everything of an owner ends where that is asked, by whoever may write tokens', async () => {
    const service = await made({ owner: 'service:gone', scopes: ['parked:read'] });
    const child = await made({ scopes: ['parked:read'] }, service.token);
    const path = '/v1/owners/service:gone/end';
    expect((await harness.ask(path, { body: {}, token: child.token })).status).toBe(403);
    const ended = await harness.ask(path, { body: {} });
    expect(ended.json<{ revoked: string[] }>().revoked).toEqual([service.id, child.id].sort());
    expect(await statusOf('/v1/parked', child.token)).toBe(401);
    expect(await actsOn('service:gone')).toEqual([{ act: 'owner.ended', owner: 'user:sato' }]);
  });
});

describe('whose tokens are seen', () => {
  it('one’s own and those one made; everybody’s with tokens:write', async () => {
    const mine = await made({ owner: 'service:seen', scopes: ['parked:read'] });
    const list = async (token: string) =>
      (await harness.ask('/v1/tokens', { token }))
        .json<{ tokens: { id: string }[] }>()
        .tokens.map(({ id }) => id);
    expect(await list(mine.token)).toEqual([mine.id]);
    expect(await list(harness.tokens.suzuki)).toContain(mine.id);
    const other = await made({ scopes: ['parked:read'] });
    const revoked = await harness.ask(`/v1/tokens/${other.id}/revoke`, {
      body: {},
      token: mine.token,
    });
    expect(revoked.status).toBe(404);
    expect(await statusOf('/v1/parked', other.token)).toBe(200);
  });
});

describe('a quota', () => {
  it('is shared by all processes, says when there is more, and is nobody else’s', async () => {
    const { token } = await made({ scopes: ['parked:read'], quotaPerMinute: 3 });
    const other = await made({ scopes: ['parked:read'], quotaPerMinute: 3 });
    const second = harness.anotherDoor();
    const one = await harness.access.identify('token', token);
    if (one === undefined) throw new Error('the token is not known');
    expect(await statusOf('/v1/parked', token)).toBe(200);
    expect(await second.quotas.take(one)).toBeUndefined();
    expect(await statusOf('/v1/parked', token)).toBe(200);
    const refused = await harness.ask('/v1/parked', { token });
    expect(refused.status).toBe(429);
    expect(problem.parse(refused.json())).toMatchObject({ code: 'quota_exceeded' });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(20);
    expect(await second.quotas.take(one)).toBeGreaterThan(0);
    expect(await statusOf('/v1/parked', other.token)).toBe(200);
  });

  it('fills again as time goes on', async () => {
    const { token } = await made({ scopes: ['parked:read'], quotaPerMinute: 2 });
    let now = Date.now();
    const door = harness.anotherDoor(() => now);
    const one = await harness.access.identify('token', token);
    if (one === undefined) throw new Error('the token is not known');
    const take = () => door.quotas.take(one);
    expect([await take(), await take(), await take()]).toEqual([undefined, undefined, 30]);
    now += 31_000;
    expect([await take(), await take()]).toEqual([undefined, 29]);
  });
});

describe('a token that is revoked while a request of it is still coming in', () => {
  /** Opens a request, and sends its body only after the door has let it in and `meanwhile` is done. */
  async function slowly(
    path: string,
    { body, token, id }: { body: object; token: string; id: string },
    meanwhile: () => Promise<unknown>,
  ): Promise<number | undefined> {
    const asked = request(new URL(path, harness.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    asked.flushHeaders();
    await vi.waitFor(async () => {
      const taken = await harness.summary.permissions.query(
        'select from access.quota where credential = $1',
        [id],
      );
      expect(taken).toHaveLength(1);
    });
    await meanwhile();
    asked.end(JSON.stringify(body));
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
  }

  it.each([
    ['/v1/publishers', 'publishers:write', 'registerPublisher'],
    ['/v1/readers', 'publishers:write', 'registerReader'],
    ['/v1/tokens', 'decisions:ask', undefined],
  ])('%s hands nothing on with it', async (path, scope, example) => {
    const body =
      example === undefined
        ? wish()
        : (JSON.parse(readDoc(`examples/http/${example}.request.json`)) as object);
    const [ended, standing] = [await made({ scopes: [scope] }), await made({ scopes: [scope] })];
    const revoke = () =>
      harness.ask(`/v1/tokens/${ended.id}/revoke`, { body: {}, token: harness.tokens.sato });
    expect(await slowly(path, { body, ...ended }, revoke)).toBe(401);
    expect(await slowly(path, { body, ...standing }, async () => undefined)).toBe(201);
  });
});
