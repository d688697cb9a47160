import { formatInstant, HOUR } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { kyoka } from '../edge/kyoka.js';
import { browserAt } from './browser.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

it('kyoka token creates, lists and revokes', async () => {
  const until = formatInstant(Date.now() + HOUR);
  const words = ['--name', 'sync', '--scope', 'parked:read', '--until', until];
  const made = await kyoka(harness, ['token', 'create', ...words, '--owner', 'service:sync']);
  expect(made).toMatchObject({ code: 0, out: [{ owner: 'service:sync', madeBy: 'user:sato' }] });
  const { id, token } = made.out[0] as { id: string; token: string };
  const { out } = await kyoka(harness, ['token', 'list'], { token });
  expect(out.map((one) => one['id'])).toEqual([id]);
  expect((await kyoka(harness, ['token', 'revoke', id])).out).toEqual([{ revoked: [id] }]);
  expect((await harness.ask('/v1/parked', { token })).status).toBe(401);
});

describe('kyoka sign-in', () => {
  const signIn = (words: string[], env: Record<string, string> = {}) =>
    kyoka(harness, ['sign-in', ...words], {
      token: '',
      env: { DATABASE_URL: harness.databaseUrl, ...env },
    });

  it('makes another link while the service runs, without a token, and it works once', async () => {
    const { code, out } = await signIn(['--for', 'user:suzuki']);
    expect([code, out]).toMatchObject([0, [{ owner: 'user:suzuki' }]]);
    const { url, endsAt } = out[0] as { url: string; endsAt: string };
    expect(new URL(url).origin).toBe(new URL(harness.url).origin);
    expect(Date.parse(endsAt)).toBeGreaterThan(Date.now());
    const browser = browserAt(harness.url);
    expect((await browser.post(url, {})).status).toBe(303);
    const session = browser.cookie('kyoka_session') as string;
    const identity = await harness.access.identify('session', session);
    expect(identity).toMatchObject({ owner: 'user:suzuki', roles: ['administrator'] });
    expect((await browserAt(harness.url).post(url, {})).status).toBe(401);
  });

  it('makes none where people sign in at a provider, and for nobody whose name is an address', async () => {
    const provider = {
      KYOKA_OIDC_ISSUER: 'https://id.shop.example',
      KYOKA_OIDC_CLIENT_ID: 'kyoka',
      KYOKA_OIDC_ROLES: 'admins=administrator',
      KYOKA_PUBLIC_URL: 'https://kyoka.shop.example',
    };
    const refused = await signIn([], provider);
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining('conflict')]);
    const address = await signIn(['--for', 'user:taro@example.jp']);
    expect(address.code).toBe(2);
    expect(address.text).not.toContain('taro');
  });
});
