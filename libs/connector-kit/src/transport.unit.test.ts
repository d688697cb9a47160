import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport, type Exchange, type TransportSettings } from './transport.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener, settings: Partial<TransportSettings> = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createTransport({ baseUrl: `http://127.0.0.1:${port}/base`, clock: () => 0, ...settings });
}

const write: Exchange = {
  method: 'POST',
  path: '/x?y=1',
  headers: {},
  body: { a: 'é' },
  deadline: 0,
};

const answer =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  };
const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

describe('a reply', () => {
  it.each([
    ['JSON', answer(200, JSON_TYPE, '{"a":1}'), { kind: 'reply', status: 200, body: { a: 1 } }],
    ['a refusal', answer(404, JSON_TYPE, '{}'), { kind: 'reply', status: 404, body: {} }],
    ['broken JSON', answer(200, JSON_TYPE, '{"a":'), { kind: 'unknown', code: 'reply_unreadable' }],
    ['nothing', answer(204, {}, ''), { kind: 'unknown', code: 'reply_unreadable' }],
    [
      'JSON under another name',
      answer(200, { 'content-type': 'text/plain' }, '{}'),
      { kind: 'unknown', code: 'reply_unreadable' },
    ],
    [
      'compressed though nobody asked',
      answer(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, '\u001f\u008b'),
      { kind: 'unknown', code: 'reply_unreadable' },
    ],
    [
      'a server error with a wait',
      answer(503, { ...JSON_TYPE, 'retry-after': '5' }, '{}'),
      { kind: 'unknown', code: 'server_error', retryAfterMs: 5_000 },
    ],
    [
      'shorter than declared',
      ((request, response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '10' });
        request.resume().on('end', () => response.end('{}') && response.destroy());
      }) as RequestListener,
      { kind: 'unknown', code: 'cut' },
    ],
    [
      'with endless headers',
      answer(200, { ...JSON_TYPE, long: 'x'.repeat(20_000) }, '{}'),
      { kind: 'unknown', code: 'reply_too_large' },
    ],
  ] as const)('that is %s', async (_, listener, expected) => {
    const transport = await serve(listener);
    expect(await transport.exchange(write)).toMatchObject(expected);
    await transport.close();
  });
});

describe('a request', () => {
  it('goes under the path of the address, with its length, on a connection of its own', async () => {
    let seen: unknown;
    const transport = await serve((request, response) => {
      seen = [request.url, request.headers];
      answer(200, JSON_TYPE, '{}')(request, response);
    });
    await transport.exchange(write);
    expect(seen).toMatchObject([
      '/base/x?y=1',
      {
        connection: 'close',
        'content-length': '10',
        'content-type': 'application/json',
        'accept-encoding': 'identity',
      },
    ]);
    await transport.close();
  });

  it('is left incomplete when its deadline passes while it is written', async () => {
    let checks = 0;
    let ended = false;
    const transport = await serve(
      (request) => {
        request.resume().on('end', () => {
          ended = true;
        });
      },
      // The first two chunks are in time.
      { clock: () => (++checks <= 2 ? 0 : 1) },
    );
    const body = 'x'.repeat(1_000_000);
    expect(await transport.exchange({ ...write, body })).toEqual({
      kind: 'unknown',
      code: 'cut_by_us',
    });
    expect(checks).toBe(3);
    expect(ended).toBe(false);
    await transport.close();
  });

  it('may have been taken when the caller aborts while it waits for the reply', async () => {
    const controller = new AbortController();
    const transport = await serve((request) => {
      request.resume().on('end', () => controller.abort());
    });
    const outcome = await transport.exchange({ ...write, signal: controller.signal });
    expect(outcome).toEqual({ kind: 'unknown', code: 'cut_by_us' });
    await transport.close();
  });

  it('that asks something is never called unsent', async () => {
    const transport = createTransport({ baseUrl: 'http://127.0.0.1:1', clock: () => 0 });
    const outcome = await transport.exchange({ method: 'GET', path: '/', headers: {} });
    expect(outcome).toEqual({ kind: 'unknown', code: 'cut' });
    await transport.close();
  });
});
