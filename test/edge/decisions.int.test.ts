import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecisionAnswer, DecisionRecord } from '@kyoka/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Harness, openHarness, POLICY } from './harness.js';
import { eventOf, idOf, member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  const outcomes = await post(harness.ask, [
    ...member('one', [{ kind: 'email', value: 'one@example.jp' }]),
    ...member('twin-a', [{ kind: 'email', value: 'twins@example.jp' }]),
    eventOf('twin-b', 'customer.registered', {
      category: 'member',
      policyVersion: POLICY,
      contacts: [{ kind: 'email', value: 'twins@example.jp' }],
    }),
    ...member('stopped', [{ kind: 'email', value: 'stopped.pair@example.jp' }]),
    ...member('sharer', [{ kind: 'email', value: 'stopped.pair@example.jp' }]),
    eventOf('stopped', 'suspension.requested', {
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-02-01T00:00:00+09:00',
    }),
  ]);
  expect(new Set(outcomes)).toEqual(new Set(['accepted']));
});
afterAll(() => harness.close());

const REQUEST = { purpose: 'info_product', channel: 'email' };

async function decide(subject: object, more: object = {}) {
  const body = { policy: POLICY, subject, request: REQUEST, ...more };
  const answer = await harness.ask('/v1/decisions', { body });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.json<DecisionAnswer>();
}
const codes = ({ reasons = [] }: DecisionAnswer) => reasons.map(({ code }) => code);
const byEmail = (value: string) => ({ contact: { kind: 'email', value } });

describe('a person is the same person', () => {
  it.each([
    ['by source and reference', () => ({ source: 'store', ref: 'one' })],
    ['by contact', () => byEmail('one@example.jp')],
    ['by contact in another notation', () => byEmail(' One@EXAMPLE.jp ')],
    ['by id', async () => ({ id: await idOf(harness.ask, 'one') })],
  ])('%s', async (_how, subject) => {
    expect(await decide(await subject(), { id: 'case-1' })).toMatchObject({
      id: 'case-1',
      allowed: true,
      basis: 'consent',
      source: 'store',
      policy: POLICY,
      evidence: ['ev-one'],
    });
  });
});

describe('by a contact that several have', () => {
  it('allowed where one of them is and no stop reaches it', async () => {
    expect(await decide({ source: 'store', ref: 'twin-b' })).toMatchObject({ allowed: false });
    expect(await decide(byEmail('twins@example.jp'))).toMatchObject({ allowed: true });
  });

  it('refused for all of them where a stop reaches it', async () => {
    for (const subject of [
      byEmail('stopped.pair@example.jp'),
      { source: 'store', ref: 'sharer' },
    ]) {
      const answer = await decide(subject);
      expect(answer.allowed).toBe(false);
      expect(codes(answer)).toContain('suppressed_suspension');
    }
  });
});

describe('a question that leaves out or mistakes a word is refused with its code', () => {
  const asked = { policy: POLICY, subject: { source: 'store', ref: 'one' }, request: REQUEST };
  const ads = { purpose: 'ad_matching', channel: 'ads' };
  const table: [why: string, code: string, question: object][] = [
    ['nothing at all', 'unknown_policy', {}],
    ['no policy', 'unknown_policy', { ...asked, policy: undefined }],
    ['a policy of no form', 'unknown_policy', { ...asked, policy: 'ALMADO; version one' }],
    ['a policy that is not switched on', 'unknown_policy', { ...asked, policy: 'allm@1' }],
    ['nobody', 'unknown_subject', { ...asked, subject: undefined }],
    ['no request', 'unknown_purpose', { ...asked, request: undefined }],
    ['no purpose', 'unknown_purpose', { ...asked, request: { channel: 'email' } }],
    ['an empty purpose', 'unknown_purpose', { ...asked, request: { ...REQUEST, purpose: '' } }],
    ['no channel', 'unknown_channel', { ...asked, request: { purpose: 'info_product' } }],
    ['an empty channel', 'unknown_channel', { ...asked, request: { ...REQUEST, channel: '' } }],
    [
      'a channel in words',
      'unknown_channel',
      { ...asked, request: { ...REQUEST, channel: '葉書' } },
    ],
    ['ads without a recipient', 'unknown_recipient', { ...asked, request: ads }],
    [
      'an unknown recipient',
      'recipient_incomplete',
      { ...asked, request: { ...REQUEST, recipient: 'nobody' } },
    ],
  ];

  it.each(table)('%s: %s', async (_why, code, question) => {
    const one = await harness.ask('/v1/decisions', { body: question });
    expect(one.status).toBe(200);
    expect(one.json<DecisionAnswer>().allowed).toBe(false);
    expect(codes(one.json<DecisionAnswer>())).toContain(code);
  });

  it('so does each case of a batch, in its place', async () => {
    const cases = table.map(([, , question], index) => ({ ...question, id: `${index}` }));
    const answer = await harness.ask('/v1/decisions:batch', { body: { cases } });
    const { decisions } = answer.json<{ decisions: DecisionAnswer[] }>();
    expect(decisions.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
    decisions.forEach((decision, index) => expect(codes(decision)).toContain(table[index]?.[1]));
  });

  it.each([
    ['policy', { ...asked, policy: 1 }],
    ['request', { ...asked, request: [] }],
    ['request.purpose', { ...asked, request: { ...REQUEST, purpose: ['order'] } }],
    ['request', { ...asked, request: { ...REQUEST, purpos: 'order' } }],
    ['subject', { ...asked, subject: 'one' }],
    ['cases', { cases: 'all' }],
    ['policy', { ...asked, policy: 'canary@example.jp', record: true }],
    ['request.purpose', { ...asked, request: { ...REQUEST, purpose: '090-1234-5678' } }],
    ['request.channel', { ...asked, request: { ...REQUEST, channel: 'canary@example.jp' } }],
    [
      'request.recipient',
      { ...asked, request: { ...REQUEST, recipient: '０９０１２３４５６７８' } },
    ],
  ])(
    'but a %s of another type or form, or an address, is a fault that names the field',
    async (field, body) => {
      const path = 'cases' in body ? '/v1/decisions:batch' : '/v1/decisions';
      const answer = await harness.ask(path, { body });
      expect(answer.status).toBe(400);
      const { faults } = answer.json<{ faults: { field: string }[] }>();
      expect(faults.map((fault) => fault.field)).toContain(field);
      expect(answer.text).not.toMatch(/canary|5678|５６７８/);
    },
  );
});

describe('what is not known is refused, and never an error', () => {
  it.each([
    ['unknown_subject', { source: 'store', ref: 'nobody' }, {}],
    ['unknown_subject', byEmail('nobody@example.jp'), {}],
    ['unknown_subject', { id: '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21' }, {}],
    ['unknown_subject', { id: 'no-such-id' }, {}],
    ['unknown_policy', { source: 'store', ref: 'one' }, { policy: 'almado@99' }],
    ['unknown_purpose', { source: 'store', ref: 'one' }, { request: { ...REQUEST, purpose: 'x' } }],
    [
      'unknown_channel',
      { source: 'store', ref: 'one' },
      { request: { ...REQUEST, channel: 'fax' } },
    ],
    [
      'unknown_recipient',
      { source: 'store', ref: 'one' },
      { request: { purpose: 'ad_matching', channel: 'ads', recipient: 'nobody' } },
    ],
    [
      'recipient_disabled',
      { source: 'store', ref: 'one' },
      { request: { purpose: 'ad_matching', channel: 'ads', recipient: 'google' } },
    ],
    [
      'period_missing',
      { source: 'store', ref: 'one' },
      { request: { ...REQUEST, audience: '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21' } },
    ],
    [
      'period_missing',
      { source: 'store', ref: 'one' },
      { request: { ...REQUEST, audience: 'no-such-audience' } },
    ],
  ])('%s', async (code, subject, more) => {
    const answer = await decide(subject, more);
    expect(answer.allowed).toBe(false);
    expect(codes(answer)).toContain(code);
  });
});

describe('a decision that is recorded', () => {
  it('is stored before it is answered; advice is not', async () => {
    const subject = { source: 'store', ref: 'one' };
    expect(await decide(subject)).not.toHaveProperty('decisionId');
    const { decisionId } = await decide(subject, { record: true });
    const { permissions } = harness.summary;
    const [row] = (await permissions.query('select body from permissions.decision where id = $1', [
      decisionId,
    ])) as { body: { actor?: string } }[];
    expect(JSON.stringify(row?.body)).toContain('user:sato');
  });
});

describe('a stored decision', () => {
  it('of a question that names nothing is told as it was asked', async () => {
    const asked = await harness.ask('/v1/decisions', { body: { record: true } });
    const { decisionId = '' } = asked.json<DecisionAnswer>();
    const told = (await harness.ask(`/v1/decisions/${decisionId}`)).json<DecisionRecord>();
    expect(told).toMatchObject({ id: decisionId, kind: 'asked', allowed: false });
    expect(told).not.toHaveProperty('policy');
    expect(told).not.toHaveProperty('subject');
  });

  /** What a rule points to in the file that the record names by its hash. */
  async function placeIn(record: DecisionRecord, rule: string): Promise<unknown> {
    const [name = '', pointer = ''] = rule.split('#');
    const folder = name.startsWith('source-contract:') ? 'source-contracts' : 'policies';
    for (const file of await readdir(join('deploy', folder))) {
      if (!file.endsWith('.yaml')) continue;
      const text = await readFile(join('deploy', folder, file), 'utf8');
      if (createHash('sha256').update(text).digest('hex') !== record.files?.[name]) continue;
      const steps = pointer.split('/').slice(1);
      return steps.reduce<unknown>(
        (at, step) => (at as Record<string, unknown>)[step],
        parse(text) as unknown,
      );
    }
    return undefined;
  }
  const stored = async (ref: string): Promise<DecisionRecord> => {
    const { decisionId } = await decide({ source: 'store', ref }, { record: true });
    const answer = await harness.ask(`/v1/decisions/${decisionId}`);
    expect(answer.status).toBe(200);
    return answer.json<DecisionRecord>();
  };

  it('explains itself by its own row and the file of that hash', async () => {
    const record = await stored('one');
    expect(record).toMatchObject({
      kind: 'asked',
      subject: await idOf(harness.ask, 'one'),
      allowed: true,
      policy: POLICY,
      request: { ...REQUEST, actor: 'user:sato', use: { users: ['user:sato'] } },
      basis: 'consent',
      source: 'store',
      evidence: ['ev-one'],
      text: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(Object.keys(record.files ?? {}).sort()).toEqual([
      POLICY,
      'jp-2022',
      'source-contract:store',
    ]);
    expect(await placeIn(record, record.rule ?? '')).toMatchObject({ purpose: 'info_product' });
  });

  it('that refused names every ground with a place that is there', async () => {
    const record = await stored('stopped');
    expect(record.reasons?.map(({ code }) => code)).toContain('suppressed_suspension');
    const inPolicy = (record.reasons ?? []).filter(({ rule }) => rule?.startsWith(POLICY));
    for (const { rule } of inPolicy) expect(await placeIn(record, rule ?? '')).toBeDefined();
  });

  it('is read by who may read about people, and the look is kept', async () => {
    const { id } = await stored('one');
    const { permissions } = harness.summary;
    const looks = await permissions.query(
      `select owner, detail from access.act where act = 'decision.read' and target = $1`,
      [id],
    );
    expect(looks).toEqual([
      { owner: 'user:sato', detail: { subject: await idOf(harness.ask, 'one') } },
    ]);
    const token = await harness.tokenOf('service:asker', ['decisions:ask']);
    expect((await harness.ask(`/v1/decisions/${id}`, { token })).status).toBe(403);
    expect((await harness.ask(`/v1/decisions/${randomUUID()}`)).status).toBe(404);
  });
});

it('a batch answers case by case, in order', async () => {
  const cases = ['one', 'nobody', 'stopped'].map((ref) => ({
    id: ref,
    policy: POLICY,
    subject: { source: 'store', ref },
    request: REQUEST,
  }));
  const answer = await harness.ask('/v1/decisions:batch', { body: { cases } });
  const { decisions } = answer.json<{ decisions: DecisionAnswer[] }>();
  expect(decisions.map(({ id, allowed }) => [id, allowed])).toEqual([
    ['one', true],
    ['nobody', false],
    ['stopped', false],
  ]);
});

describe('of another moment', () => {
  const minutesAgo = (count: number): string => new Date(Date.now() - count * 60_000).toISOString();
  const subject = { source: 'store', ref: 'one' };
  const asked = (more: object) =>
    harness.ask('/v1/decisions', { body: { policy: POLICY, subject, request: REQUEST, ...more } });

  it('the past is answered from what was known then, and says that it is past', async () => {
    const answer = await decide(subject, { at: minutesAgo(5), id: 'past' });
    expect(answer).toMatchObject({ id: 'past', allowed: false, historical: true });
    expect(codes(answer)).toContain('unknown_subject');
  });

  it('within a minute of the clock it is now', async () => {
    const answer = await decide(subject, { at: new Date().toISOString() });
    expect(answer).toMatchObject({ allowed: true });
    expect(answer).not.toHaveProperty('historical');
  });

  it.each([
    ['the future', 'at', () => ({ at: minutesAgo(-5) })],
    ['a past one that is to be recorded', 'record', () => ({ at: minutesAgo(5), record: true })],
  ])('%s is refused by name', async (_what, field, more) => {
    const answer = await asked(more());
    expect(answer.status).toBe(400);
    expect(answer.json<{ faults: { field: string }[] }>().faults).toMatchObject([{ field }]);
  });

  it('a batch may ask of several moments', async () => {
    const cases = [minutesAgo(0), minutesAgo(5), minutesAgo(0)].map((at, n) => ({
      id: String(n),
      at,
      policy: POLICY,
      subject,
      request: REQUEST,
    }));
    const answer = await harness.ask('/v1/decisions:batch', { body: { cases } });
    const { decisions } = answer.json<{ decisions: DecisionAnswer[] }>();
    expect(decisions.map(({ id, allowed, historical }) => [id, allowed, historical])).toEqual([
      ['0', true, undefined],
      ['1', false, true],
      ['2', true, undefined],
    ]);
  });

  it('a batch of more moments of the past than one connection should be held for is refused', async () => {
    const cases = Array.from({ length: 21 }, (_, n) => ({ at: minutesAgo(n + 2) }));
    const batch = (some: object[]) => harness.ask('/v1/decisions:batch', { body: { cases: some } });
    const refused = await batch(cases);
    expect(refused.json()).toMatchObject({ status: 400, faults: [{ field: 'cases' }] });
    expect((await batch([...cases.slice(1), ...cases.slice(1)])).status).toBe(200);
  });

  it('by contact, who may not read about people learns nothing of the past either', async () => {
    const token = await harness.tokenOf('service:asker', ['decisions:ask']);
    const answers = await Promise.all(
      ['one@example.jp', 'nobody@example.jp'].map((value) =>
        harness.ask('/v1/decisions', {
          token,
          body: { policy: POLICY, subject: byEmail(value), request: REQUEST, at: minutesAgo(5) },
        }),
      ),
    );
    const [known, unknown] = answers.map(({ text }) => text);
    expect(known).toBe(unknown);
    expect(known).toContain('not_permitted');
  });
});

describe('what one answer costs the database', () => {
  /** The statements that a question or a batch comes to, those of the door included. */
  async function statementsOf(path: string, body: object): Promise<string[]> {
    const { permissions } = harness.summary;
    const make = permissions.createQueryRunner.bind(permissions);
    const seen: string[] = [];
    permissions.createQueryRunner = (mode) => {
      const runner = make(mode);
      const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<unknown>;
      runner.query = (async (...given: unknown[]) => {
        const [sql] = given as [string | { text: string }];
        seen.push(typeof sql === 'string' ? sql : sql.text);
        return query(...given);
      }) as typeof runner.query;
      return runner;
    };
    try {
      expect((await harness.ask(path, { body })).status).toBe(200);
    } finally {
      permissions.createQueryRunner = make;
    }
    return seen;
  }

  const refs = ['one', 'twin-a', 'twin-b', 'stopped', 'sharer'];
  const purposes = ['info_product', 'order', 'info_support', 'personalise'];
  const cases = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      policy: POLICY,
      subject: { source: 'store', ref: refs[index % refs.length] },
      request: {
        purpose: purposes[index % purposes.length],
        channel: ['email', 'sms', 'dm'][index % 3],
      },
    }));

  it('is the same for one person and for a hundred questions about several', async () => {
    await statementsOf('/v1/decisions', cases(1)[0] as object);
    const one = await statementsOf('/v1/decisions', cases(1)[0] as object);
    const batch = await statementsOf('/v1/decisions:batch', { cases: cases(100) });
    expect(batch.length).toBe(one.length);
    expect(one.length).toBeLessThanOrEqual(11);
  });
});
