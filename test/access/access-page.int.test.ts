import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { browserAt, type Browser } from './browser.js';

let harness: Harness;
let sato: Browser;
let csrf: string;
beforeAll(async () => {
  harness = await openHarness();
  sato = await signedIn('user:sato');
  csrf = await sato.csrf(harness.access);
});
afterAll(() => harness.close());

async function signedIn(owner: string): Promise<Browser> {
  const browser = browserAt(harness.url);
  await browser.post(`/sign-in/once/${await harness.access.links.make(owner)}`, {});
  return browser;
}

const actsOn = (target: string) =>
  queryable(harness.summary.permissions).query<{ act: string; owner: string }>(
    'select act, owner from access.act where target = $1 order by block',
    [target],
  );
const sessionOf = async (browser: Browser) =>
  (await harness.access.identify('session', browser.cookie('kyoka_session') ?? ''))?.credential;

const WISH = { name: 'nightly', scopes: 'decisions:ask', endsAt: '2026-12-31' };
const soon = () => new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);

describe('the page of access', () => {
  it('makes a token that is shown in the one answer, and keeps who made it', async () => {
    const made = await sato.post('/access/tokens', { ...WISH, endsAt: soon(), csrf });
    const [token = ''] = /kyoka_[\w-]{43}/.exec(made.text) ?? [];
    expect([made.status, token.length, made.headers.get('cache-control')]).toEqual([
      200,
      49,
      'no-store',
    ]);
    expect((await harness.ask('/v1/parked', { token })).status).toBe(403);
    const list = await sato.get('/access');
    expect(list.text).toContain('nightly');
    expect(list.text).not.toContain(token);
    const id = (await harness.access.identify('token', token))?.credential ?? '';
    expect(await actsOn(id)).toEqual([{ act: 'token.made', owner: 'user:sato' }]);
    await sato.post('/access/tokens/revoke', { id, csrf });
    expect((await harness.ask('/v1/parked', { token })).status).toBe(401);
    expect(await actsOn(id)).toHaveLength(2);
  });

  it('says of each field what is wrong, and makes nothing', async () => {
    const refused = await sato.post('/access/tokens', {
      name: '',
      owner: 'user:suzuki',
      endsAt: '2026-02-30',
      quotaPerMinute: 'many',
      csrf,
    });
    expect(refused.status).toBe(400);
    for (const field of ['name', 'scopes', 'endsAt', 'quotaPerMinute']) {
      expect([field, refused.text.includes(`href="#field-${field}"`)]).toEqual([field, true]);
    }
    const late = { ...WISH, owner: 'user:suzuki', endsAt: soon(), csrf };
    const anothers = await sato.post('/access/tokens', late);
    expect([anothers.status, anothers.text.includes('href="#field-owner"')]).toEqual([403, true]);
    const beyond = await sato.post('/access/tokens', { ...WISH, endsAt: '2099-01-01', csrf });
    expect([beyond.status, beyond.text.includes('href="#field-endsAt"')]).toEqual([400, true]);
    expect(beyond.text).toContain('value="2099-01-01"');
  });

  it('ends the session of another at once, as an act of whoever did', async () => {
    const suzuki = await signedIn('user:suzuki');
    const id = (await sessionOf(suzuki)) ?? '';
    expect((await suzuki.get('/access')).status).toBe(200);
    await sato.post('/access/sessions/end', { id, csrf });
    expect((await suzuki.get('/access')).status).toBe(303);
    expect(await actsOn(id)).toEqual([
      { act: 'signed.in', owner: 'user:suzuki' },
      { act: 'signed.out', owner: 'user:sato' },
    ]);
    expect((await sato.post('/access/sessions/end', { id, csrf })).status).toBe(404);
  });

  it('takes no form that another site sends', async () => {
    const id = (await sessionOf(sato)) ?? '';
    for (const path of ['tokens', 'tokens/revoke', 'sessions/end', 'owners/end']) {
      const answer = await sato.post(`/access/${path}`, { ...WISH, id, owner: 'user:sato' });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await sessionOf(sato)).toBe(id);
  });

  it('shows and does for somebody only what is theirs', async () => {
    const suzuki = await signedIn('user:suzuki');
    const token = await harness.tokenOf('service:desk', ['parked:read']);
    const page = await harness.ask('/access', { token, headers: { 'accept-language': 'en' } });
    expect(page.status).toBe(200);
    for (const hidden of ['user:suzuki', 'name="owner"', 'Publishers', 'publish events']) {
      expect([hidden, page.text.includes(hidden)]).toEqual([hidden, false]);
    }
    const form = (path: string, fields: Record<string, string>) =>
      harness.ask(`/access/${path}`, {
        token,
        body: new URLSearchParams(fields).toString(),
        type: 'application/x-www-form-urlencoded',
      });
    const id = (await sessionOf(suzuki)) ?? '';
    expect((await form('sessions/end', { id })).status).toBe(404);
    expect((await form('owners/end', { owner: 'user:suzuki' })).status).toBe(403);
    expect((await form('publishers/revoke', { id, reason: 'x' })).status).toBe(403);
    const beyond = await form('tokens', { name: 'x', scopes: 'tokens:write', endsAt: soon() });
    expect(beyond.status).toBe(403);
    expect(await sessionOf(suzuki)).toBe(id);
    expect(harness.faults).toEqual([]);
  });
});
