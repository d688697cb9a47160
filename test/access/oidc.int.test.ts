import { MINUTE } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { type Browser, browserAt, type Page } from './browser.js';
import type { Forgery } from './id-tokens.js';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.js';

let idp: IdentityProvider;
let harness: Harness;
let browser: Browser;

beforeAll(async () => {
  idp = await startIdentityProvider();
  harness = await openHarness(undefined, {
    issuer: idp.issuer,
    clientId: idp.client.id,
    clientSecret: idp.client.secret,
    scopes: 'openid profile',
    userClaim: 'sub',
    roleClaim: 'roles',
    roles: new Map([['kyoka-admins', 'administrator']]),
    sessionHours: 10,
  });
  idp.serve(`${harness.url}/sign-in/callback`);
});
afterAll(async () => {
  await harness.close();
  await idp.stop();
});
beforeEach(() => {
  idp.person = { id: 'tanaka', roles: ['staff', 'kyoka-admins'] };
  browser = browserAt(harness.url);
});

const location = (page: Page): URL => new URL(page.headers.get('location') ?? '', harness.url);

/** Follows the way to the provider and back, up to the address that would bring its answer home. */
async function answerOf(change: (question: URL) => void = () => undefined): Promise<URL> {
  const begun = await browser.get('/sign-in/start?to=%2Fstops');
  expect(begun.status).toBe(303);
  const question = location(begun);
  change(question);
  let next = question;
  for (let steps = 0; steps < 6 && next.origin !== harness.url; steps += 1) {
    next = new URL((await browser.get(next.href)).headers.get('location') ?? '', idp.issuer);
  }
  expect(next.pathname).toBe('/sign-in/callback');
  return next;
}

async function expectRefused(answer: URL, status: number, words: string): Promise<void> {
  const page = await browser.send(answer.href, { headers: { 'accept-language': 'en' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([
    status,
    expect.stringContaining('text/html'),
  ]);
  expect(page.text).toContain(words);
  expect(browser.cookie('kyoka_session')).toBeUndefined();
}

const AGAIN = 'The sign-in was interrupted';
const AWAY = 'can not be reached right now';

describe('signing in at the provider', () => {
  it('brings a person in with the role that is theirs here, to where they wanted to go', async () => {
    const home = await browser.get((await answerOf()).href);
    expect([home.status, home.headers.get('location')]).toEqual([303, '/stops']);
    expect(browser.cookie('kyoka_sign_in')).toBeUndefined();
    const identity = await harness.access.identify(
      'session',
      browser.cookie('kyoka_session') as string,
    );
    expect(identity).toMatchObject({ owner: 'user:tanaka', roles: ['administrator'] });
    expect((await browser.get('/v1/tokens')).status).toBe(200);
  });

  it('asks with PKCE, a state and a nonce of its own each time', async () => {
    const asked = async () => location(await browser.get('/sign-in/start')).searchParams;
    const [first, second] = [await asked(), await asked()];
    expect(first.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
  });

  it('takes the answer to its own question only', async () => {
    const state = await answerOf();
    state.searchParams.set('state', 'of-another-browser');
    await expectRefused(state, 401, AGAIN);
    const nonce = await answerOf(({ searchParams }) => searchParams.set('nonce', 'another'));
    await expectRefused(nonce, 401, AGAIN);
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const pkce = await answerOf((question) =>
      question.searchParams.set('code_challenge', challenge),
    );
    await expectRefused(pkce, 401, AGAIN);
  });

  it('takes no answer that another browser has asked for', async () => {
    const answer = await answerOf();
    browser = browserAt(harness.url);
    await expectRefused(answer, 401, AGAIN);
  });

  it('takes a code once', async () => {
    const state = async () => browser.cookie('kyoka_sign_in') as string;
    const answer = await answerOf();
    const kept = await state();
    expect((await browser.get(answer.href)).status).toBe(303);
    browser = browserAt(harness.url);
    browser.setCookie('kyoka_sign_in', kept);
    await expectRefused(answer, 401, AGAIN);
  });

  it('takes no code that is over, and no way that was begun too long ago', async () => {
    const late = await answerOf();
    await idp.endCode(late.searchParams.get('code') as string);
    await expectRefused(late, 401, AGAIN);
    const answer = await answerOf();
    const kept = browser.cookie('kyoka_sign_in');
    const finish = (ms: number) =>
      harness.anotherDoor(() => Date.now() + ms).signIn.finish(answer.search.slice(1), kept);
    await expect(finish(11 * MINUTE)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await finish(9 * MINUTE)).toMatchObject({ to: '/stops' });
  });

  it('tells that the provider is away, on either half of the way, and works when it is back', async () => {
    for (const status of [503, undefined]) {
      const answer = await answerOf();
      const kept = browser.cookie('kyoka_sign_in') as string;
      if (status === undefined) await idp.stop();
      idp.failing = status;
      await expectRefused(answer, 503, AWAY);
      await expectRefused(new URL('/sign-in/start', harness.url), 503, AWAY);
      if (status === undefined) await idp.restart();
      idp.failing = undefined;
      browser.setCookie('kyoka_sign_in', kept);
      expect((await browser.get(answer.href)).status).toBe(303);
      browser = browserAt(harness.url);
    }
  });

  it('takes a new key of the provider at once, and none that it does not show', async () => {
    const underway = await answerOf();
    idp.rotate('new');
    expect((await browser.get(underway.href)).status).toBe(303);
    browser = browserAt(harness.url);
    const forged = await answerOf();
    idp.rotate('old');
    await expectRefused(forged, 401, AGAIN);
    idp.rotate('new');
    expect((await browser.get((await answerOf()).href)).status).toBe(303);
  });
});

describe('an ID token', () => {
  afterEach(() => {
    idp.forgery = undefined;
  });

  it.each<[string, Forgery]>([
    ['that is over', { claims: (all) => ({ ...all, exp: Math.floor(Date.now() / 1000) - 60 }) }],
    ['of another issuer', { claims: (all) => ({ ...all, iss: 'https://id.other.example' }) }],
    ['for another client', { claims: (all) => ({ ...all, aud: 'another' }) }],
    [
      'for several, handed to another',
      { claims: (all) => ({ ...all, aud: ['another', all['aud']], azp: 'another' }) },
    ],
    ['of nobody', { claims: (all) => ({ ...all, sub: undefined }) }],
    ['of a sign-in at no known time', { claims: (all) => ({ ...all, auth_time: undefined }) }],
    [
      'of a sign-in that is too long ago',
      { claims: (all) => ({ ...all, auth_time: Math.floor(Date.now() / 1000) - 11 * 3600 }) },
    ],
    ['that nobody signed', { alg: 'none' }],
    [
      'signed with the secret of the client, as a symmetric algorithm would',
      { alg: 'HS256', secret: 'secret-of-the-client-at-the-provider' },
    ],
  ])('%s brings nobody in', async (_, forgery) => {
    const answer = await answerOf();
    idp.forgery = forgery;
    await expectRefused(answer, 401, AGAIN);
  });

  it('control: one that was signed again, and says the same, brings somebody in', async () => {
    const answer = await answerOf();
    idp.forgery = {};
    expect((await browser.get(answer.href)).status).toBe(303);
    expect(browser.cookie('kyoka_session')).toBeDefined();
  });
});

describe('a session', () => {
  it('that somebody planted in the browser is not the one that begins', async () => {
    const planted = 'A'.repeat(43);
    browser.setCookie('kyoka_session', planted);
    expect((await browser.get((await answerOf()).href)).status).toBe(303);
    expect(browser.cookie('kyoka_session')).not.toBe(planted);
    expect(await harness.access.identify('session', planted)).toBeUndefined();
  });

  it('ends in every process the moment its person signs out', async () => {
    await browser.get((await answerOf()).href);
    const session = browser.cookie('kyoka_session') as string;
    const other = harness.anotherDoor();
    expect(await other.identify('session', session)).toBeDefined();
    await browser.post('/sign-out', { csrf: await browser.csrf(harness.access) });
    expect(await other.identify('session', session)).toBeUndefined();
  });
});

describe('somebody without a role here', () => {
  it('is told so, and what they had before ends', async () => {
    await browser.get((await answerOf()).href);
    const before = browser.cookie('kyoka_session') as string;
    browser = browserAt(harness.url);
    idp.person = { id: 'tanaka', roles: ['staff'] };
    await expectRefused(await answerOf(), 403, 'has no role in Kyoka');
    expect(await harness.access.identify('session', before)).toBeUndefined();
  });

  it('leaves nothing here if they were never in', async () => {
    idp.person = { id: 'stranger', roles: ['staff'] };
    await expectRefused(await answerOf(), 403, 'has no role in Kyoka');
    const rows = await queryable(harness.summary.permissions).query(
      `select 1 from access.session where owner = 'user:stranger'`,
    );
    expect(rows).toEqual([]);
  });

  it.each([
    ['an address, which would lie in the evidence', 'taro@shop.example'],
    ['a phone number', '09012345678'],
    ['the name of whoever runs the machine', 'local'],
  ])('is whoever has for a name %s', async (_, id) => {
    idp.person = { id, roles: ['kyoka-admins'] };
    await expectRefused(await answerOf(), 403, 'has no role in Kyoka');
    expect(harness.faults).toEqual([]);
  });
});
