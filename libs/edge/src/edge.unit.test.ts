import { problem } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import type { IntakeAnswer, RawEvent } from '@kyoka/intake';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEdge } from './create-edge.js';
import { AudiencesModule } from './audiences/audiences.module.js';
import { HealthModule } from './health/health.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { PermissionsModule } from './permissions/permissions.module.js';
import type { Identity } from './http/identity.js';

const CANARY = 'canary.taro@example.jp';
const TOKEN = 'kyoka_valid';
const SATO: Identity = { owner: 'user:sato', startsAt: 0, endsAt: 1 };
const ID = '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21';

let app: NestFastifyApplication;
let taken: RawEvent[];
let answerAll: IntakeAnswer = { outcome: 'accepted' };
let failure: unknown;
let healthy = true;
const faults: unknown[] = [];
const calls: { name: string; given: unknown[] }[] = [];

/** A port whose methods note their calls and answer with nothing of interest. */
function noting<const M extends string>(
  port: string,
  ...methods: M[]
): Record<M, () => Promise<never>> {
  const note =
    (method: string) =>
    async (...given: unknown[]) => {
      calls.push({ name: `${port}.${method}`, given });
      if (failure !== undefined) throw failure;
      return {} as never;
    };
  return Object.fromEntries(methods.map((method) => [method, note(method)])) as Record<
    M,
    () => Promise<never>
  >;
}

beforeAll(async () => {
  const intake = {
    async ingest(events: readonly RawEvent[]) {
      if (failure !== undefined) throw failure;
      taken.push(...events);
      return events.map(() => answerAll);
    },
  };
  const switches = noting('switches', 'change');
  app = await createEdge({
    roles: [
      IntakeModule.with({
        intake,
        parked: noting('parked', 'list', 'replay'),
        rights: { unsigned: new Set(), plaintext: new Set() },
        counted: () => undefined,
      }),
      PermissionsModule.with({
        decisions: noting('decisions', 'decide'),
        subjects: noting('subjects', 'read', 'find'),
        suspensions: noting('suspensions', 'suspend', 'read'),
        freezes: noting('freezes', 'set', 'lift'),
        switches,
      }),
      AudiencesModule.with({
        audiences: noting('audiences', 'define', 'run', 'readRun'),
        switches,
      }),
      HealthModule.with({ database: () => healthy }),
    ],
    tokens: {
      identify: async (token) => (token === TOKEN ? SATO : undefined),
      create: async () => TOKEN,
      any: async () => true,
    },
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    maxBodyBytes: 8 * 1024 * 1024,
    onFault: (fault) => faults.push(fault),
  });
  await app.init();
});
afterAll(() => app.close());
beforeEach(() => {
  taken = [];
  answerAll = { outcome: 'accepted' };
  failure = undefined;
  healthy = true;
  faults.length = 0;
  calls.length = 0;
});

interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly type?: string;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

async function ask(
  path: string,
  { method, body, type = 'application/json', token = TOKEN, headers = {} }: Ask = {},
) {
  const text =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
      ? body
      : JSON.stringify(body);
  const reply = await app.inject({
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url: path,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(text === undefined ? {} : { payload: text as string }),
  });
  return {
    status: reply.statusCode,
    headers: reply.headers,
    text: reply.body,
    json: () => JSON.parse(reply.body) as Record<string, unknown>,
  };
}

const EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: 'store',
  type: 'jp.kyoka.order.placed.v1',
  time: '2026-11-20T09:12:33+09:00',
  data: { b: 2, a: 1 },
};
const EVENTS = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

describe('the door', () => {
  const behind = [
    ['GET', `/v1/subjects/${ID}`],
    ['POST', '/v1/events'],
    ['POST', '/v1/decisions'],
    ['POST', '/v1/decisions:batch'],
    ['POST', '/v1/suspensions'],
    ['POST', '/v1/audiences'],
    ['GET', '/v1/parked'],
    ['GET', '/openapi.json'],
    ['GET', '/no/such/path'],
    ['GET', '/health/live/'],
    ['GET', '/'],
  ] as const;

  it.each(behind)('%s %s is closed without a token, and with a wrong one', async (method, path) => {
    for (const token of [null, 'kyoka_wrong', '', 'x'.repeat(300)]) {
      const reply = await ask(path, { method, token, ...(method === 'POST' && { body: {} }) });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toContain('Bearer');
      expect(problem.parse(reply.json())).toMatchObject({ code: 'unauthenticated', status: 401 });
    }
    expect(calls).toEqual([]);
  });

  it('does not read a body before it knows who sends it', async () => {
    const reply = await ask('/v1/events', { token: null, body: '{', type: EVENTS });
    expect(reply.status).toBe(401);
  });

  it('lets everybody ask for health', async () => {
    expect((await ask('/health/live', { token: null })).json()).toEqual({
      status: 'ok',
      checks: {},
    });
    expect((await ask('/health/ready', { token: null })).status).toBe(200);
    healthy = false;
    const unready = await ask('/health/ready', { token: null });
    expect(unready.status).toBe(503);
    expect(unready.json()).toEqual({ status: 'unavailable', checks: { database: 'unavailable' } });
    expect((await ask('/health/live', { token: null })).status).toBe(200);
  });
});

describe('POST /v1/events', () => {
  it('hands one event on as canonical bytes, vouched for by the token', async () => {
    const reply = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect([reply.status, reply.json()]).toEqual([202, { outcome: 'accepted' }]);
    const { data, ...attributes } = EVENT;
    expect(taken).toEqual([
      {
        attributes,
        data: new TextEncoder().encode('{"a":1,"b":2}'),
        place: 'http',
        by: { kind: 'token', plaintext: true },
      },
    ]);
    expect(data).toBeDefined();
  });

  it('answers a refused event with 400 and its fields, and a parked stop with 202', async () => {
    answerAll = { outcome: 'refused', faults: [{ field: 'data.order.at', expected: 'string' }] };
    const refused = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect(refused.status).toBe(400);
    expect(refused.json()['faults']).toEqual(answerAll.faults);
    answerAll = { outcome: 'parked', reason: 'malformed', stopActIds: [ID] };
    const parked = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect([parked.status, parked.json()]).toEqual([
      202,
      { outcome: 'parked', reason: 'malformed' },
    ]);
  });

  it('answers a batch event by event, in order, the unreadable among them', async () => {
    const reply = await ask('/v1/events', {
      body: [EVENT, CANARY, { ...EVENT, id: 'e-2' }],
      type: BATCH,
    });
    expect(reply.status).toBe(202);
    expect(reply.json()).toEqual({
      results: [
        { outcome: 'accepted' },
        { outcome: 'refused', faults: [{ field: '', expected: expect.any(String) as string }] },
        { outcome: 'accepted' },
      ],
    });
    expect(taken.map(({ attributes }) => attributes['id'])).toEqual(['e-1', 'e-2']);
  });

  it('still reads a stop out of what is not quite a CloudEvent', async () => {
    const stop = { ...EVENT, sequence: 7, extension: { a: 1 }, data: { note: '\ud800' } };
    await ask('/v1/events', { body: stop, type: EVENTS });
    expect(taken[0]?.attributes).toMatchObject({ id: 'e-1', sequence: '7' });
    expect(JSON.parse(String(taken[0]?.data && Buffer.from(taken[0].data)))).toEqual(stop.data);
  });
});

describe('bad input is refused without an echo', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const decision = {
    policy: 'almado@1',
    subject: { contact: { kind: 'email', value: CANARY } },
    request: { purpose: 'info_product', channel: 'email' },
  };
  const table: [why: string, path: string, Ask, status: number, code: string][] = [
    ['no JSON', '/v1/events', { body: `{"${CANARY}`, type: EVENTS }, 400, 'bad_input'],
    [
      'bytes that are no UTF-8',
      '/v1/events',
      { body: Buffer.from([0x22, 0xff, 0x22]), type: EVENTS },
      400,
      'bad_input',
    ],
    ['an empty body', '/v1/events', { body: '', type: EVENTS }, 400, 'bad_input'],
    ['no object', '/v1/events', { body: JSON.stringify(CANARY), type: EVENTS }, 400, 'bad_input'],
    ['JSON nested without end', '/v1/events', { body: deep, type: BATCH }, 400, 'bad_input'],
    [
      'a prototype',
      '/v1/events',
      { body: `{"__proto__":{"a":"${CANARY}"}}`, type: EVENTS },
      400,
      'bad_input',
    ],
    [
      'a prototype further in',
      '/v1/decisions',
      { body: `{"subject":{"__proto__":"${CANARY}"}}` },
      400,
      'bad_input',
    ],
    [
      'a single event too large',
      '/v1/events',
      { body: JSON.stringify({ a: CANARY.repeat(20_000) }), type: EVENTS },
      413,
      'too_large',
    ],
    [
      'a batch too large',
      '/v1/events',
      { body: `[${`"${CANARY}",`.repeat(350_000)}1]`, type: BATCH },
      413,
      'too_large',
    ],
    [
      'a batch of too many',
      '/v1/events',
      { body: Array.from({ length: 1_001 }, () => CANARY), type: BATCH },
      413,
      'too_large',
    ],
    ['another media type', '/v1/events', { body: CANARY, type: 'text/plain' }, 415, 'bad_input'],
    [
      'a form',
      '/v1/decisions',
      { body: `a=${CANARY}`, type: 'application/x-www-form-urlencoded' },
      415,
      'bad_input',
    ],
    [
      'facts sent along',
      '/v1/decisions',
      { body: { ...decision, facts: { category: CANARY } } },
      400,
      'bad_input',
    ],
    [
      'an actor sent along',
      '/v1/decisions',
      { body: { ...decision, request: { ...decision.request, actor: CANARY } } },
      400,
      'bad_input',
    ],
    [
      'a use sent along',
      '/v1/decisions',
      { body: { ...decision, request: { ...decision.request, use: {} } } },
      400,
      'bad_input',
    ],
    [
      '1001 decisions',
      '/v1/decisions:batch',
      { body: { cases: Array.from({ length: 1_001 }, () => decision) } },
      400,
      'bad_input',
    ],
    [
      'a subject told in two ways',
      '/v1/decisions',
      { body: { ...decision, subject: { id: 'a', source: CANARY, ref: 'b' } } },
      400,
      'bad_input',
    ],
    [
      'a suspension of nobody',
      '/v1/suspensions',
      { body: { scope: { purposes: ['*'], channels: ['*'] } } },
      400,
      'bad_input',
    ],
    [
      'a switch act that is none',
      '/v1/recipients/google/switch',
      { body: { act: CANARY } },
      400,
      'bad_input',
    ],
    [
      'an audience with a field too many',
      '/v1/audiences',
      { body: { name: 'a', [CANARY]: 1 } },
      400,
      'bad_input',
    ],
    ['a run without a key', `/v1/audiences/${ID}/runs`, { method: 'POST' }, 400, 'bad_input'],
    ['an id that is none', `/v1/subjects/${encodeURIComponent(CANARY)}`, {}, 404, 'not_found'],
    ['an unknown path', `/v1/${encodeURIComponent(CANARY)}`, {}, 404, 'not_found'],
    ['another method', '/v1/events', {}, 404, 'not_found'],
    ['a broken escape', '/v1/subjects/%E0%A4%A', {}, 400, 'bad_input'],
  ];

  it.each(table)('%s', async (_why, path, given, status, code) => {
    const reply = await ask(path, given);
    expect(reply.status).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(problem.parse(reply.json())).toMatchObject({ status, code });
    expect(reply.text).not.toContain(CANARY);
    expect(reply.text).not.toContain('canary');
    expect(reply.text).not.toMatch(/at .*\.(?:ts|js)/);
    expect(taken).toEqual([]);
    expect(calls).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('faults', () => {
  const thrown: [why: string, fault: unknown, status: number, code: string, told: boolean][] = [
    [
      'a lost database',
      new KyokaError('database_unavailable', 'gone'),
      503,
      'database_unavailable',
      true,
    ],
    ['a conflict', new KyokaError('conflict', 'done already'), 409, 'conflict', false],
    [
      'an act that is not allowed',
      new KyokaError('not_permitted', 'another owner'),
      403,
      'not_permitted',
      false,
    ],
    ['a broken seal', new KyokaError('seal_broken', CANARY), 500, 'internal', true],
    ['a foreign error', new Error(CANARY), 500, 'internal', true],
    [
      'a driver’s error',
      Object.assign(new Error(CANARY), { code: '22P02', detail: CANARY }),
      500,
      'internal',
      true,
    ],
    ['something that is no error', CANARY, 500, 'internal', true],
  ];

  it.each(thrown)('%s', async (_why, fault, status, code, told) => {
    failure = fault;
    const reply = await ask(`/v1/subjects/${ID}`);
    expect([reply.status, reply.json()['code']]).toEqual([status, code]);
    expect(reply.text).not.toContain(CANARY);
    expect(faults.length > 0).toBe(told);
    expect(reply.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  });
});

describe('who acts', () => {
  it('is the owner of the token, whatever the body claims', async () => {
    await ask('/v1/freezes', {
      body: { scope: { purposes: ['*'], channels: ['*'] }, reason: 'leak', actor: 'user:else' },
    });
    expect(calls).toEqual([
      {
        name: 'freezes.set',
        given: [{ scope: { purposes: ['*'], channels: ['*'] }, reason: 'leak' }, SATO],
      },
    ]);
  });
});
