import { problem } from '@kyoka/contracts';
import { DAY, HOUR } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const PATHS = ['/v1/parked', '/openapi.json', '/metrics', '/no/such/path'];
const statusWith = async (token: string | null) => {
  const answers = await Promise.all(PATHS.map((path) => harness.ask(path, { token })));
  for (const answer of answers.filter(({ status }) => status === 401)) {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(problem.parse(answer.json())).toMatchObject({ code: 'unauthenticated' });
  }
  return answers.map(({ status }) => status);
};
const OPEN = [200, 200, 200, 404];
const CLOSED = [401, 401, 401, 401];

describe('a token opens the door', () => {
  it('while it is valid', async () => {
    expect(await statusWith(harness.tokens.sato)).toEqual(OPEN);
    expect(await statusWith(await harness.tokenAt(Date.now, HOUR))).toEqual(OPEN);
  });

  it('not before its start', async () => {
    expect(await statusWith(await harness.tokenAt(() => Date.now() + HOUR, DAY))).toEqual(CLOSED);
  });

  it('not after its end', async () => {
    expect(await statusWith(await harness.tokenAt(() => Date.now() - DAY, HOUR))).toEqual(CLOSED);
  });

  it('not with a letter changed, not the stored form of it, and not none', async () => {
    const { sato } = harness.tokens;
    const [row] = (await harness.summary.permissions.query(
      'select encode(hash, $1) as hash from access.token limit 1',
      ['hex'],
    )) as { hash: string }[];
    const changed = sato.slice(0, -1) + (sato.endsWith('A') ? 'B' : 'A');
    for (const token of [changed, row?.hash ?? '', `kyoka_${row?.hash}`, '', null]) {
      expect(await statusWith(token)).toEqual(CLOSED);
    }
  });

  it('only as a header of the scheme Bearer', async () => {
    const { sato } = harness.tokens;
    for (const authorization of [sato, `Basic ${sato}`, `Bearer  ${sato}`, `Bearer ${sato} x`]) {
      const answer = await harness.ask('/v1/parked', { token: null, headers: { authorization } });
      expect(answer.status).toBe(401);
    }
    expect((await harness.ask(`/v1/parked?access_token=${sato}`, { token: null })).status).toBe(
      401,
    );
  });
});

it('what is stored can not be used as a token, and holds none', async () => {
  const rows = await harness.summary.permissions.query('select * from access.token');
  for (const token of Object.values(harness.tokens)) {
    expect(JSON.stringify(rows)).not.toContain(token.slice('kyoka_'.length));
  }
});

describe('health', () => {
  it('is open, and says that the database is away, and that it is back', async () => {
    const ready = () => harness.ask('/health/ready', { token: null });
    expect((await ready()).status).toBe(200);
    harness.wire.cut();
    const without = await ready();
    expect(without.status).toBe(503);
    expect(without.json()).toEqual({ status: 'unavailable', checks: { database: 'unavailable' } });
    const live = await harness.ask('/health/live', { token: null });
    expect([live.status, live.json()]).toEqual([200, { status: 'ok', checks: {} }]);
    harness.wire.mend();
    expect((await ready()).status).toBe(200);
  });

  it('without the database every other path says so, and to come back', async () => {
    harness.wire.cut();
    const answer = await harness.ask('/v1/parked');
    harness.wire.mend();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(problem.parse(answer.json())).toMatchObject({ code: 'database_unavailable' });
    expect((await harness.ask('/v1/parked')).status).toBe(200);
  });
});
