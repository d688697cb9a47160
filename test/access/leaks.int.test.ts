import { inspect } from 'node:util';
import { HOUR } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { browserAt, type Page } from './browser.js';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.js';

let idp: IdentityProvider;
let harness: Harness;
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
  idp.person = { id: 'tanaka', roles: ['kyoka-admins'] };
});
afterAll(async () => {
  await harness.close();
  await idp.stop();
});

/** Whatever stays behind somewhere: logs, faults with their causes, and every row of access and evidence. */
async function leftBehind(): Promise<string> {
  const { logged, faults, summary } = harness;
  const rows = await queryable(summary.permissions).query(
    `select t::text from access.act t union all select t::text from access.session t
     union all select t::text from access.sign_in_link t`,
  );
  return inspect([logged, faults, rows], {
    depth: 12,
    maxArrayLength: null,
    maxStringLength: null,
  });
}

it('tokens, cookies, links and codes stay in no log, no error and no record', async () => {
  const secrets = new Map<string, string>([['client secret', idp.client.secret]]);
  const refusals: Page[] = [];
  const browser = browserAt(harness.url);
  let next = new URL('/sign-in/start', harness.url);
  do {
    const { headers } = await browser.get(next.href);
    next = new URL(headers.get('location') ?? '', idp.issuer);
  } while (next.pathname !== '/sign-in/callback');
  secrets.set('code', next.searchParams.get('code') as string);
  secrets.set('state', next.searchParams.get('state') as string);
  secrets.set('state cookie', browser.cookie('kyoka_sign_in') as string);
  expect((await browser.get(next.href)).status).toBe(303);
  secrets.set('session', browser.cookie('kyoka_session') as string);
  secrets.set('form', await browser.csrf(harness.access));
  const link = await harness.access.links.make('user:local');
  secrets.set('link', link);
  await browserAt(harness.url).post(`/sign-in/once/${link}`, {});
  const token = await harness.tokenOf('service:mailer', ['parked:read']);
  secrets.set('token', token);

  // Each of them where it is refused, and where the database is away.
  const refuse = async () => {
    refusals.push(
      await browser.get(next.href),
      await browserAt(harness.url).post(`/sign-in/once/${link}`, {}),
      await browser.post(`/no/such/path/${token}`, { csrf: 'wrong' }),
    );
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${token}` },
    ]) {
      const init = { headers: { accept: 'application/json', ...headers } };
      refusals.push(
        await browserAt(harness.url).send(`/no/such/path/${token}?token=${token}`, init),
      );
    }
  };
  await refuse();
  harness.wire.cut();
  await refuse();
  harness.wire.mend();

  const left = await leftBehind();
  const answers = inspect(
    refusals.map(({ text }) => text),
    { maxStringLength: null },
  );
  expect(refusals.every(({ status }) => status >= 400)).toBe(true);
  expect(refusals.every(({ headers }) => headers.get('referrer-policy') === 'no-referrer')).toBe(
    true,
  );
  for (const [what, secret] of secrets) {
    expect([what, left.includes(secret), answers.includes(secret)]).toEqual([what, false, false]);
  }
  expect(idp.asked.map(({ referer }) => referer)).not.toContainEqual(expect.any(String));
});

it('a token in a log or a fault would be found', async () => {
  const planted = await harness.access.tokens.create({ owner: 'user:sato', validForMs: HOUR });
  harness.logged.push(['request', { headers: { authorization: `Bearer ${planted}` } }]);
  expect(await leftBehind()).toContain(planted);
  harness.logged.length = 0;
  harness.faults.push(new Error('failed', { cause: new Error(`with ${planted}`) }));
  expect(await leftBehind()).toContain(planted);
});
