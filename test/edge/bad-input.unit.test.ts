import { problem } from '@kyoka/contracts';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { edgeWithoutStores, type Ask, BATCH, CANARY, EVENTS, ID } from './edge-without-stores.js';

const { ask, played, reset, close } = await edgeWithoutStores();
beforeEach(reset);
afterAll(close);

describe('bad input is refused without an echo', () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
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
    ['JSON nested without end', '/v1/events', { body: deep, type: EVENTS }, 400, 'bad_input'],
    ['a request nested without end', '/v1/decisions', { body: deep }, 400, 'bad_input'],
    ['a prototype', '/v1/decisions', { body: `{"__proto__":{"a":"${CANARY}"}}` }, 400, 'bad_input'],
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
    expect(played.taken).toEqual([]);
    expect(played.calls).toEqual([]);
    expect(played.faults).toEqual([]);
  });
});
