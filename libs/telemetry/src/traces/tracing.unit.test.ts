import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { KyokaError } from '@kyoka/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inSpan, startTracing, traceHeaders } from '../index.js';
import type { SpanWords } from './spans.js';

let receiver: Server;
let received: { path: string | undefined; body: Buffer }[];
let url: string;

beforeEach(async () => {
  received = [];
  receiver = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ path: request.url, body });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
});

const sent = (): string => received.map(({ body }) => String(body)).join('\n');
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

it('sends spans and what they may say to an OTLP receiver', async () => {
  const tracing = startTracing({ url, role: 'intake' });
  await inSpan('gate', { network: 'google', persons: 3 }, async (span) => {
    span.say({ result: 'passed' });
  });
  await tracing.stop();
  expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
  for (const word of [
    'kyoka-intake',
    'gate',
    'kyoka.network',
    'google',
    'kyoka.persons',
    'passed',
  ]) {
    expect(sent()).toContain(word);
  }
});

it('goes on with the trace of a caller, across a topic', async () => {
  const tracing = startTracing({ url, role: 'intake' });
  const headers = await inSpan('gate', {}, async () => traceHeaders());
  const inside = await inSpan('intake batch', {}, async () => traceHeaders(), [headers]);
  const alone = await inSpan('intake batch', {}, async () => traceHeaders());
  await tracing.stop();
  const traceOf = (one: Readonly<Record<string, string>>) =>
    TRACEPARENT.exec(one['traceparent'] ?? '')?.[1];
  expect(traceOf(headers)).toBeDefined();
  expect(traceOf(inside)).toBe(traceOf(headers));
  expect(traceOf(alone)).not.toBe(traceOf(headers));
});

it('links a batch to each of its callers', async () => {
  const tracing = startTracing({ url, role: 'intake' });
  const callers = [];
  for (let index = 0; index < 2; index += 1) {
    callers.push(await inSpan('gate', {}, async () => traceHeaders()));
  }
  await tracing.stop();
  received = [];
  const later = startTracing({ url, role: 'intake' });
  await inSpan('intake batch', { events: 2 }, async () => undefined, [
    ...callers,
    {},
    { traceparent: 'x' },
  ]);
  await later.stop();
  for (const { traceparent } of callers) {
    expect(sent()).toContain(TRACEPARENT.exec(traceparent ?? '')?.[1]);
  }
});

it('holds nothing of anybody, not of a fault either', async () => {
  const canary = 'canary.taro@example.jp';
  const tracing = startTracing({ url, role: 'intake' });
  const words = { network: canary, route: `/p/${canary}`, code: canary } as SpanWords;
  await inSpan('connector request', words, async (span) => {
    span.say({ result: canary });
  });
  const thrown = [new KyokaError('bad_input', canary), new Error(canary)];
  for (const fault of thrown) {
    await expect(inSpan('removal', {}, () => Promise.reject(fault))).rejects.toBe(fault);
  }
  await tracing.stop();
  for (const form of [
    canary,
    canary.replace('@', '%40'),
    Buffer.from(canary).toString('base64').slice(0, 16),
  ]) {
    expect(sent()).not.toContain(form);
  }
  expect(sent()).toContain('bad_input');
  expect(sent()).toContain('internal');
  expect(sent()).not.toMatch(/host\.name|process\.|user/);
});

it('without a receiver costs no header and sends nothing', async () => {
  const headers = await inSpan('gate', {}, async () => traceHeaders());
  expect(headers).toEqual({});
  expect(received).toEqual([]);
});

it('a receiver that is away keeps nothing from its work, or from its end', async () => {
  await new Promise((resolve) => void receiver.close(resolve));
  const tracing = startTracing({ url, role: 'intake' });
  expect(await inSpan('gate', {}, async () => 7)).toBe(7);
  await tracing.stop().catch(() => undefined);
});
