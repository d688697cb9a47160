import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './processes.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

let echo: Server;
let seen: string[];
let proxy: TcpProxy;

beforeEach(async () => {
  seen = [];
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      seen.push(data.toString());
      socket.write(`got ${data.toString()}`);
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  proxy = await startProxy({ host: '127.0.0.1', port });
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

function client(): Socket {
  return connect({ host: proxy.host, port: proxy.port }).on('error', () => undefined);
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await Promise.race([
    once(socket, 'data'),
    once(socket, 'close').then(() => ['closed']),
  ])) as [Buffer | string];
  return answer.toString();
}

it('passes bytes both ways', async () => {
  expect(await ask(client(), 'hello')).toBe('got hello');
});

it('delivers the chosen text but not its answer, once', async () => {
  proxy.cutAfterSending('COMMIT');
  const socket = client();
  expect(await ask(socket, 'INSERT')).toBe('got INSERT');
  expect(await ask(socket, 'COMMIT')).toBe('closed');
  await eventually('the server has it', () => seen.includes('COMMIT'));
  expect(await ask(client(), 'COMMIT')).toBe('got COMMIT');
  expect(proxy.cuts).toBe(1);
});

it('cuts after so many bytes', async () => {
  proxy.cutAfterBytes(6);
  const socket = client();
  expect(await ask(socket, '12345')).toBe('got 12345');
  expect(await ask(socket, '67')).toBe('closed');
});

it('cuts what is open and lets nothing in until it is mended', async () => {
  const socket = client();
  await ask(socket, 'a');
  proxy.cut();
  await once(socket, 'close');
  expect(await ask(client(), 'b')).toBe('closed');
  proxy.mend();
  expect(await ask(client(), 'c')).toBe('got c');
});

it('holds bytes back while a delay is set', async () => {
  const socket = client();
  await once(socket, 'connect');
  proxy.delay(1_000_000);
  socket.write('late');
  await sleep(50);
  expect(seen).toEqual([]);
});
