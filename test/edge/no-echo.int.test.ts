import { problem } from '@kyoka/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask } from './asking.js';
import { type Harness, openHarness, POLICY } from './harness.js';
import { eventOf } from './people.js';

const CANARY = 'canary.taro@example.jp';
const DIGEST = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4f72b9807785afee48bb';
const BATCH = 'application/cloudevents-batch+json';
const EVENT = 'application/cloudevents+json';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
});
afterAll(() => harness.close());

const question = (subject: object, more: object = {}) => ({
  policy: POLICY,
  subject,
  request: { purpose: 'info_product', channel: 'email' },
  ...more,
});
const known = { source: 'store', ref: 'x' };
const registered = eventOf(CANARY, 'customer.registered', { category: CANARY });

const TABLE: [what: string, path: string, ask: Ask, status: number][] = [
  [
    'an event with a name in place of a time',
    '/v1/events',
    { body: { ...registered, time: CANARY }, type: EVENT },
    400,
  ],
  [
    'an event whose id is an address',
    '/v1/events',
    { body: { ...registered, id: CANARY }, type: EVENT },
    400,
  ],
  ['events as a form', '/v1/events', { body: `a=${CANARY}`, type: 'text/csv' }, 415],
  ['half a document', '/v1/events', { body: `{"id":"${CANARY}`, type: EVENT }, 400],
  [
    'an event too large',
    '/v1/events',
    { body: `{"a":"${CANARY.repeat(20_000)}"}`, type: EVENT },
    413,
  ],
  ['a batch too large', '/v1/events', { body: `["${CANARY.repeat(400_000)}"]`, type: BATCH }, 413],
  ['1001 events', '/v1/events', { body: Array(1_001).fill(CANARY), type: BATCH }, 413],
  [
    'a decision with facts',
    '/v1/decisions',
    { body: question(known, { facts: { [CANARY]: 1 } }) },
    400,
  ],
  ['a decision with an actor', '/v1/decisions', { body: question(known, { actor: CANARY }) }, 400],
  [
    'a decision with a use',
    '/v1/decisions',
    { body: question(known, { use: { users: [CANARY] } }) },
    400,
  ],
  ['a decision about nobody', '/v1/decisions', { body: question({ [CANARY]: 1 }) }, 400],
  [
    'a contact of a kind that is none',
    '/v1/decisions',
    { body: question({ contact: { kind: CANARY, value: CANARY } }) },
    400,
  ],
  [
    'a digest for an address',
    '/v1/decisions',
    { body: question({ contact: { kind: 'email', value: DIGEST } }) },
    400,
  ],
  [
    'a digest for a number',
    '/v1/decisions',
    { body: question({ contact: { kind: 'phone', value: DIGEST } }) },
    400,
  ],
  [
    '1001 decisions',
    '/v1/decisions:batch',
    { body: { cases: Array(1_001).fill(question(known)) } },
    400,
  ],
  [
    'a wrong one among decisions',
    '/v1/decisions:batch',
    { body: { cases: [question(known), { [CANARY]: 1 }] } },
    400,
  ],
  [
    'a suspension of a channel that is none',
    '/v1/suspensions',
    { body: { subject: known, scope: { purposes: ['*'], channels: [CANARY] } } },
    400,
  ],
  [
    'a freeze without a reason',
    '/v1/freezes',
    { body: { scope: { purposes: [CANARY], channels: ['*'] } } },
    400,
  ],
  [
    'a lift with a field too many',
    '/v1/freezes/3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21/lift',
    { body: { reason: 'x', [CANARY]: 1 } },
    400,
  ],
  [
    'a switch of an address',
    `/v1/recipients/${encodeURIComponent(CANARY)}/switch`,
    { body: { act: 'request_on', reason: 'x' } },
    404,
  ],
  ['an act that is none', '/v1/policies/almado@1/switch', { body: { act: CANARY } }, 400],
  [
    'an audience with a misspelt segment',
    '/v1/audiences',
    { body: { name: CANARY, segmnt: { [CANARY]: 1 } } },
    400,
  ],
  ['a replay of a reason that is none', '/v1/parked:replay', { body: { reason: CANARY } }, 400],
  ['a subject by an address', `/v1/subjects/${encodeURIComponent(CANARY)}`, {}, 404],
  ['an address as a path', `/v1/${encodeURIComponent(CANARY)}`, {}, 404],
];

describe('what can not be used is refused in problem details that repeat nothing of it', () => {
  it.each(TABLE)('%s', async (_what, path, ask, status) => {
    const answer = await harness.ask(path, ask);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(problem.parse(answer.json()).status).toBe(status);
    expect(answer.text).not.toMatch(/canary|taro/i);
    expect(answer.text).not.toContain(DIGEST);
    expect(harness.faults).toEqual([]);
  });
});

it('a body without a declared length is cut off at the limit, not read to its end', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new TextEncoder().encode(CANARY.repeat(3_000).slice(0, 65_536)));
    },
  });
  const answer = await fetch(new URL('/v1/events', harness.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${harness.tokens.sato}`, 'content-type': BATCH },
    body: endless,
    duplex: 'half',
  } as RequestInit).then(
    ({ status }) => status,
    () => 'cut',
  );
  expect([413, 'cut']).toContain(answer);
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});

describe('what is answered repeats no contact value either', () => {
  const contact = { kind: 'email', value: CANARY };
  it.each<[string, Ask]>([
    ['/v1/events', { body: [CANARY, registered, { id: CANARY }], type: BATCH }],
    ['/v1/decisions', { body: question({ contact }) }],
    ['/v1/subjects:find', { body: { subject: { contact } } }],
    [
      '/v1/suspensions',
      { body: { contacts: [contact], scope: { purposes: ['*'], channels: ['*'] } } },
    ],
    ['/v1/parked', {}],
  ])('%s', async (path, ask) => {
    const answer = await harness.ask(path, ask);
    expect(answer.status).toBeLessThan(300);
    expect(answer.text).not.toMatch(/canary|taro/i);
  });
});
