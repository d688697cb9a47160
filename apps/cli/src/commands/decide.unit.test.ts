import { join } from 'node:path';
import { readPolicySet } from '@kyoka/permission-store';
import { describe, expect, it } from 'vitest';
import { decideCommand } from './decide.js';

const set = await readPolicySet(join(import.meta.dirname, '../../../../deploy'));

async function run(lines: readonly string[]) {
  const written: string[] = [];
  const source = (async function* () {
    yield* lines;
  })();
  const exitCode = await decideCommand(set, source, (line) => written.push(line));
  return { exitCode, answers: written.map((line) => JSON.parse(line) as unknown) };
}

/** The case of the published example, without its suspension. */
const allowed = {
  id: 'c1',
  policy: 'almado@1',
  at: '2026-11-22T10:00:00+09:00',
  request: {
    purpose: 'info_product',
    channel: 'email',
    contentOwner: 'own',
    actor: 'user:sato',
    use: { from: '2026-11-01', to: '2026-11-30', users: ['user:sato'] },
  },
  facts: {
    category: 'member',
    status: 'active',
    contactPoint: {
      kind: 'email',
      class: 'personal',
      sources: ['store'],
      confirmedAt: '2025-04-01T10:00:00+09:00',
    },
    acquired: {
      source: 'store',
      at: '2025-04-01T10:00:00+09:00',
      policyVersion: 'almado@1',
      noticeShown: true,
    },
    consents: [
      {
        act: 'granted',
        purpose: 'info_product',
        channel: 'email',
        at: '2026-10-01T00:00:00+09:00',
        evidence: 'ev-1',
        actor: 'subject',
      },
    ],
    suppressions: [] as object[],
    adsSwitch: 'on',
  },
};
const suspended = {
  ...allowed,
  id: 'c2',
  facts: {
    ...allowed.facts,
    suppressions: [
      {
        kind: 'suspension',
        purpose: '*',
        channel: '*',
        at: '2026-11-02T00:00:00+09:00',
        endedAt: null,
        actor: 'subject',
      },
    ],
  },
};

describe('kyoka decide', () => {
  it('answers each line in order and ends with 0, refusals among them', async () => {
    const { exitCode, answers } = await run([
      JSON.stringify(suspended),
      '  ',
      JSON.stringify(allowed),
    ]);
    expect(exitCode).toBe(0);
    expect(answers).toEqual([
      {
        id: 'c2',
        allowed: false,
        reasons: [
          {
            code: 'suppressed_suspension',
            rule: 'jp-2022#/stops',
            detail: 'the person suspended the use',
          },
        ],
        policy: 'almado@1',
        evidence: ['ev-1'],
      },
      {
        id: 'c1',
        allowed: true,
        basis: 'consent',
        rule: 'almado@1#/grants/1',
        source: 'store',
        policy: 'almado@1',
        evidence: ['ev-1'],
      },
    ]);
  });

  it.each([
    ['taro@example.jp', ''],
    ['null', ''],
    [JSON.stringify({ ...allowed, at: 'taro' }), 'at'],
    [JSON.stringify({ ...allowed, request: { ...allowed.request, taro: 1 } }), 'request'],
    [JSON.stringify({ ...allowed, id: 'x'.repeat(5_000_000) }), ''],
  ])(
    'refuses %.30s with line and field, echoes nothing, goes on and ends with 1',
    async (line, field) => {
      const { exitCode, answers } = await run([line, JSON.stringify(allowed)]);
      expect(exitCode).toBe(1);
      expect(answers).toMatchObject([
        { status: 'refused', line: 1, faults: [{ field }] },
        { id: 'c1', allowed: true },
      ]);
      expect(JSON.stringify(answers[0])).not.toMatch(/taro|xxx/);
    },
  );

  it('answers nothing for no line', async () => {
    expect(await run([])).toEqual({ exitCode: 0, answers: [] });
  });
});

describe('a case that leaves out or mistakes a word is answered no, with its code', () => {
  const without = (name: keyof (typeof allowed)['facts']) => ({
    ...allowed,
    facts: { ...allowed.facts, [name]: undefined },
  });
  const asking = (request: object) => ({
    ...allowed,
    request: { ...allowed.request, ...request },
  });

  it.each([
    ['unknown_policy', { ...allowed, policy: undefined }],
    ['unknown_policy', { ...allowed, policy: 'almado@99' }],
    ['facts_incomplete', { ...allowed, at: undefined }],
    ['unknown_subject', { ...allowed, facts: undefined }],
    ['unknown_purpose', { ...allowed, request: undefined }],
    ['unknown_purpose', asking({ purpose: undefined })],
    ['unknown_purpose', asking({ purpose: 'newsletter' })],
    ['unknown_channel', asking({ channel: undefined })],
    ['unknown_channel', asking({ channel: 'fax' })],
    ['unknown_recipient', asking({ purpose: 'ad_matching', channel: 'ads', recipient: 'x' })],
    ['facts_incomplete', asking({ contentOwner: undefined })],
    ['period_missing', asking({ use: undefined })],
    ['actor_not_named', asking({ actor: undefined })],
    ['facts_incomplete', without('category')],
    ['facts_incomplete', without('status')],
    ['contact_missing', without('contactPoint')],
    ['facts_incomplete', without('consents')],
    ['facts_incomplete', without('suppressions')],
    ['unknown_category', { ...allowed, facts: { ...allowed.facts, category: 'x' } }],
  ])('%s', async (code, question) => {
    const { exitCode, answers } = await run([JSON.stringify(question)]);
    expect(exitCode).toBe(0);
    expect(answers).toMatchObject([{ allowed: false }]);
    const [{ reasons }] = answers as [{ reasons: { code: string }[] }];
    expect(reasons.map((reason) => reason.code)).toContain(code);
  });
});
