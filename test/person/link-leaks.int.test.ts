import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { DAY } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { readMetrics, startTracing } from '@kyoka/telemetry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { idOf, member, post } from '../edge/people.js';
import { browsing, linksIn } from './browsing.js';

let edge: Harness;
let receiver: Server;
let spans = '';
let tracing: ReturnType<typeof startTracing>;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    void buffer(request).then((body) => {
      spans += body.toString('latin1');
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  tracing = startTracing({ url: `http://127.0.0.1:${port}`, role: 'test' });
  edge = await openHarness();
  await edge.switchOn(`/v1/policies/${POLICY}/switch`);
});
afterAll(async () => {
  await edge.close();
  receiver.closeAllConnections();
  receiver.close();
});

/** Whatever stays behind: the log, faults with their causes, metrics, traces, and what the database keeps. */
async function leftBehind(): Promise<Readonly<Record<string, string>>> {
  const whole = { depth: 12, maxArrayLength: null, maxStringLength: null };
  const tables = [
    'access.act',
    'permissions.page_token',
    'permissions.page_confirmation',
    'permissions.duty_mail',
  ];
  const rows = await Promise.all(
    tables.map((table) =>
      queryable(edge.summary.permissions).query(`select t::text from ${table} t`),
    ),
  );
  return {
    log: inspect(edge.logged, whole),
    faults: inspect(edge.faults, whole),
    metrics: await readMetrics(),
    spans,
    rows: inspect(rows, whole),
  };
}

const foundIn = (places: Readonly<Record<string, string>>, secret: string): string[] =>
  Object.keys(places).filter((place) => places[place]?.includes(secret));

const tokenOf = (url: string) => new URL(url).pathname.split('/').at(-1) as string;

it('a secret of a link stays in no log, metric, trace, row or answer, whether it opens something or not', async () => {
  const browse = browsing(edge);
  await post(edge.ask, member('l-1', [{ kind: 'email', value: 'hanako.l@mail.example.jp' }]));
  const id = await idOf(edge.ask, 'l-1');
  const linkOf = async (page: string) =>
    (await edge.ask(`/v1/subjects/${id}/page-tokens`, { body: { page } })).json<{ url: string }>()
      .url;
  const [page, oneClick] = [await linkOf('preferences'), await linkOf('one_click')];
  expect((await browse.get(page)).status).toBe(200);
  expect((await browse.post(oneClick, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
  expect((await browse.post(page, { allow: 'info_product|email', to: '0' })).status).toBe(200);
  await edge.sendMails();
  const [confirm = ''] = linksIn(edge.played.mail.mails()[0]?.text ?? '');
  expect((await browse.get(confirm)).status).toBe(200);
  const secrets = [page, oneClick, confirm].map(tokenOf);
  const [p, u, c] = secrets as [string, string, string];

  const paths = [
    ...[`/p/${u}`, `/u/${p}`, `/p/confirm/${p}`, `/u/${c}`, `/p/${p}x`, `/u/${u}x`],
    ...[`/p/${p}/`, `/p/${p}/x`, `/u/${u}/x`, `/p/confirm/${c}/x`, `/p/x/${p}`, `/u/x/y/${u}`],
    ...[`/p/${p}/stops/${id}`, `/p/${p}/stops/x`, `/p/${p.repeat(9)}`, `/u/${u.repeat(99)}`],
    ...[`/p/%00${p}`, `/p/%zz${p}`, `/sign-in/once/${p}/x`, `/p?token=${p}`, `/u?token=${u}`],
  ];
  const answers: [string, number, boolean][] = [];
  const send = async (method: 'GET' | 'POST', path: string, accept: string) => {
    const answer = await edge.ask(path, {
      token: null,
      method,
      headers: { accept },
      ...(method === 'POST' && {
        body: 'stop=every_use',
        type: 'application/x-www-form-urlencoded',
      }),
    });
    const told = `${answer.text}${inspect([...answer.headers])}`;
    const tells = secrets.some((secret) => told.includes(secret));
    answers.push([`${method} ${path}`, answer.status, tells]);
  };
  const sendAll = async () => {
    for (const path of paths) {
      await send('GET', path, 'text/html');
      await send('GET', path, '*/*');
      await send('POST', path, 'text/html');
      for (const method of ['HEAD', 'PUT', 'DELETE']) await send(method as 'GET', path, '*/*');
    }
  };
  await sendAll();
  edge.pagesClock.ahead = 200 * DAY;
  for (const path of [`/p/${p}`, `/u/${u}`, `/p/confirm/${c}`]) {
    await send('GET', path, 'text/html');
    await send('POST', path, 'text/html');
  }
  edge.wire.cut();
  await send('GET', `/p/${p}`, 'text/html');
  await send('POST', `/u/${u}`, '*/*');
  edge.wire.mend();
  edge.pagesClock.ahead = 0;

  expect(answers.length).toBeGreaterThan(120);
  expect(answers.filter(([, status]) => status < 400)).toEqual([]);
  expect(answers.filter(([, , tells]) => tells)).toEqual([]);
  await tracing.stop();
  const left = await leftBehind();
  expect(left['spans']).toContain('/p/:token');
  expect(left['metrics']).toContain('route="/p/:token"');
  expect(secrets.map((secret) => foundIn(left, secret))).toEqual([[], [], []]);

  // Control: each place is one where it would be found.
  edge.logged.push(['request', { url: `/p/${p}` }]);
  edge.faults.push(new Error('failed', { cause: new Error(`at /p/${p}`) }));
  expect(foundIn(await leftBehind(), p)).toEqual(['log', 'faults']);
  expect(foundIn({ spans: `${spans}"/p/${p}"` }, p)).toEqual(['spans']);
});
