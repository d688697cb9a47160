import { endedAccess } from '@kyoka/access';
import { DAY, HOUR, MINUTE } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { type Browser, browserAt } from './browser.js';

let harness: Harness;
let browser: Browser;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** Opens a one-time link and presses its button. */
async function signIn(): Promise<string> {
  browser = browserAt(harness.url);
  const path = `/sign-in/once/${await harness.access.links.make('user:local')}`;
  const page = await browser.get(path);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(`action="${path}"`)]);
  const done = await browser.post(path, {});
  expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
  return path;
}

const ended = async (sql: string) => {
  await queryable(harness.summary.permissions).query(sql);
};

describe('a one-time link', () => {
  it('signs in by its button only, once', async () => {
    const path = await signIn();
    expect((await browser.get('/v1/tokens')).status).toBe(200);
    const again = browserAt(harness.url);
    expect((await again.get(path)).status).toBe(200);
    const refused = await again.post(path, {});
    expect([refused.status, again.cookie('kyoka_session')]).toEqual([401, undefined]);
    expect(refused.headers.get('content-type')).toContain('text/html');
  });

  it('ends after a quarter of an hour', async () => {
    const early = harness.anotherDoor(() => Date.now() - 16 * MINUTE);
    const path = `/sign-in/once/${await early.links.make('user:local')}`;
    expect((await browserAt(harness.url).post(path, {})).status).toBe(401);
  });

  it('opened by a scanner, as often as it likes, stays good', async () => {
    const path = `/sign-in/once/${await harness.access.links.make('user:local')}`;
    for (const method of ['GET', 'HEAD', 'GET']) {
      await fetch(new URL(path, harness.url), { method });
    }
    expect((await browserAt(harness.url).post(path, {})).status).toBe(303);
  });

  it('lies in the database as a digest, and so does the session', async () => {
    const path = await signIn();
    const secret = path.split('/').at(-1) as string;
    const stored = await queryable(harness.summary.permissions).query(
      'select l::text, s::text from access.sign_in_link l, access.session s',
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(JSON.stringify(stored)).not.toContain(browser.cookie('kyoka_session'));
  });
});

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const path = `/sign-in/once/${await harness.access.links.make('user:local')}`;
    const done = await browserAt(harness.url).post(path, {});
    expect(done.headers.get('set-cookie')).toMatch(
      /^kyoka_session=[\w-]{43}; Path=\/; Max-Age=(3600\d|359\d\d); HttpOnly; SameSite=Lax$/,
    );
  });

  it('changes nothing without the token that its own forms hold', async () => {
    await signIn();
    const csrf = await browser.csrf(harness.access);
    const post = (headers: Record<string, string>) =>
      browser.send('/v1/parked:replay', {
        method: 'POST',
        body: '{"limit":1}',
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await post({})).status).toBe(403);
    expect((await post({ 'x-csrf-token': `${csrf.slice(0, -1)}_` })).status).toBe(403);
    // As many characters, but more bytes.
    expect((await post({ 'x-csrf-token': 'é'.repeat(csrf.length) })).status).toBe(403);
    expect((await post({ 'x-csrf-token': csrf })).status).toBe(200);
    expect((await browser.post('/sign-out', {})).status).toBe(403);
    expect((await browser.get('/v1/tokens')).status).toBe(200);
  });

  it('ends when its person signs out, and that is told', async () => {
    await signIn();
    const stolen = browser.cookie('kyoka_session') as string;
    const out = await browser.post('/sign-out', { csrf: await browser.csrf(harness.access) });
    expect([out.status, out.headers.get('location')]).toEqual([303, '/sign-in']);
    expect(browser.cookie('kyoka_session')).toBeUndefined();
    expect(await harness.access.identify('session', stolen)).toBeUndefined();
    const acts = await queryable(harness.summary.permissions).query<{ act: string }>(
      `select act from access.act where owner = 'user:local' order by block desc limit 2`,
    );
    expect(acts.map(({ act }) => act)).toEqual(['signed.out', 'signed.in']);
  });

  it('ends after its hours, and when nobody uses it', async () => {
    await signIn();
    const secret = browser.cookie('kyoka_session') as string;
    const at = (ms: number) => harness.anotherDoor(() => Date.now() + ms);
    expect(await at(59 * MINUTE).identify('session', secret)).toBeDefined();
    // It was used an hour later, so it is not idle.
    expect(await at(110 * MINUTE).identify('session', secret)).toBeDefined();
    expect(await at(171 * MINUTE).identify('session', secret)).toBeUndefined();
    await ended(`update access.session set seen_at = ends_at where ended_at is null`);
    expect(await at(10 * HOUR - MINUTE).identify('session', secret)).toBeDefined();
    expect(await at(10 * HOUR + MINUTE).identify('session', secret)).toBeUndefined();
  });

  it('hands on what its person may do, until long after its own end', async () => {
    await signIn();
    const identity = await harness.access.identify(
      'session',
      browser.cookie('kyoka_session') as string,
    );
    if (identity === undefined) throw new Error('not signed in');
    const wish = { name: 'x', scopes: ['parked:read' as const] };
    const endsAt = new Date(Date.now() + 80 * 24 * HOUR).toISOString();
    const made = await harness.access.tokens.make({ ...wish, endsAt }, identity);
    expect(made).toMatchObject({ owner: 'user:local', madeBy: 'user:local' });
    const tooLong = new Date(Date.now() + 91 * 24 * HOUR).toISOString();
    await expect(
      harness.access.tokens.make({ ...wish, endsAt: tooLong }, identity),
    ).rejects.toMatchObject({ code: 'bad_input' });
    expect((await harness.ask('/v1/parked', { token: made.token })).status).toBe(200);
    const unused = await harness.access.links.make('user:local');
    await harness.access.tokens.endOwner('user:local', identity);
    await expect(harness.access.signIn.useLink(unused)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect((await harness.ask('/v1/parked', { token: made.token })).status).toBe(401);
    expect((await browser.get('/v1/tokens')).headers.get('location')).toContain('/sign-in');
  });
});

describe('a refusal', () => {
  it('is a page in the language of who reads it, and problem details for a program', async () => {
    await signIn();
    const json = { accept: 'application/json' };
    const asked = [
      { path: '/no/such/page', init: {}, status: 404, words: 'お探しのページ' },
      { path: '/no/such/page?lang=en', init: {}, status: 404, words: 'There is no such page' },
      { path: '/sign-out', init: { method: 'POST' }, status: 403, words: 'この操作をする権限' },
    ];
    for (const { path, init, status, words } of asked) {
      const page = await browser.send(path, init);
      expect([page.status, page.text]).toEqual([status, expect.stringContaining(words)]);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      const problem = await browser.send(path, { ...init, headers: json });
      expect([problem.status, problem.headers.get('content-type')]).toEqual([
        status,
        expect.stringContaining('application/problem+json'),
      ]);
    }
    const out = await browserAt(harness.url).post('/sign-out', {});
    expect([out.status, out.text]).toEqual([401, expect.stringContaining('ログインが必要です')]);
  });
});

describe('a browser without a session', () => {
  it('is shown where to sign in, whatever path it asks', async () => {
    for (const path of ['/', '/no/such/page?x=1']) {
      const answer = await browserAt(harness.url).get(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `/sign-in?to=${encodeURIComponent(path)}`,
      ]);
    }
    const page = await browserAt(harness.url).get('/sign-in?lang=en');
    expect(page.text).toContain('one-time link');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('that brings a wrong session is not let in', async () => {
    const answer = await fetch(new URL('/v1/tokens', harness.url), {
      headers: { cookie: 'kyoka_session=wrong' },
    });
    expect(answer.status).toBe(401);
  });
});

describe('what has ended', () => {
  const rows = () =>
    queryable(harness.summary.permissions).query<{
      sessions: number;
      links: number;
      quotas: number;
    }>(
      `select (select count(*)::integer from access.session) as sessions,
         (select count(*)::integer from access.sign_in_link) as links,
         (select count(*)::integer from access.quota) as quotas`,
    );
  const purgeAt = async (at: number) => {
    for (const task of endedAccess(harness.summary.permissions)) {
      while ((await task.run(at)) > 0);
    }
  };

  it('goes by the clock alone, some time after its end, and nothing before', async () => {
    await signIn();
    await browser.get('/v1/tokens');
    const [before] = await rows();
    expect(Math.min(...Object.values(before ?? {}))).toBeGreaterThan(0);
    await purgeAt(Date.now() + 23 * HOUR);
    expect(await rows()).toEqual([before]);
    await purgeAt(Date.now() + 25 * HOUR);
    expect(await rows()).toEqual([{ ...before, quotas: 0 }]);
    await purgeAt(Date.now() + 30 * DAY + 16 * MINUTE);
    expect(await rows()).toEqual([{ ...before, links: 0, quotas: 0 }]);
    expect((await browser.get('/v1/tokens')).status).toBe(200);
    await purgeAt(Date.now() + 31 * DAY);
    expect((await rows())[0]).toMatchObject({ sessions: 0, links: 0 });
    expect((await browser.get('/v1/tokens')).status).toBe(303);
  });

  it('is found by its date, and each task knows when the next is due', async () => {
    await harness.access.links.make('user:local');
    const [, links] = endedAccess(harness.summary.permissions);
    const dueIn = ((await links?.next?.()) ?? 0) - Date.now();
    expect(Math.round(dueIn / MINUTE)).toBe((30 * DAY) / MINUTE + 15);
  });
});
