import { describe, expect, it } from 'vitest';
import { runKyoka } from './run.js';

async function run(words: readonly string[], { env = {}, input = [] as string[] } = {}) {
  const out: string[] = [];
  const told: string[] = [];
  const code = await runKyoka(words, {
    env,
    lines: async function* () {
      yield* input;
    },
    write: (line) => void out.push(line),
    tell: (line) => void told.push(line),
  });
  return { code, out, told: told.join('\n') };
}

const TOKEN = { KYOKA_TOKEN: 'kyoka_test' };

describe('wrong usage ends with 2 and says what is right', () => {
  it.each([
    [[]],
    [['nothing-of-ours']],
    [['policy']],
    [['policy', 'diff', 'one.yaml']],
    [['match-keys', '--loud']],
    [['freeze', '--purpose', 'order']],
    [['recipient', 'enable', 'google']],
    [['recipient', 'enable', 'google', '--reason', 'a', '--approve', 'b']],
    [['replay', '--limit', 'many']],
    [['explain', 'taro']],
    [['explain', 'store/c-1', '--to', 'http://example.jp']],
    [['publish', '--to', 'ftp://example.jp']],
    [['publish', '--to', '127.0.0.1:9092']],
    [['erase', 'taro']],
  ])('%j', async (words) => {
    const { code, told } = await run(words, { env: TOKEN });
    expect(code).toBe(2);
    expect(told).not.toBe('');
  });

  it('needs a token for what acts on a running system', async () => {
    const { code, out, told } = await run(['explain', 'store/c-1']);
    expect([code, out]).toEqual([2, []]);
    expect(told).toContain('KYOKA_TOKEN');
  });

  it('repeats no contact value that was given as an argument', async () => {
    for (const words of [
      ['explain', 'taro@example.jp'],
      ['suspend', '--purpose', '09012345678', '-'],
      ['freeze', '--reason', 'taro@example.jp complained'],
      ['taro@example.jp'],
    ]) {
      const { code, out, told } = await run(words, { env: TOKEN });
      expect([code, out]).toEqual([2, []]);
      expect(told).toContain('standard input');
      expect(told).not.toMatch(/taro|0901234/);
    }
  });
});

it.each([[['suspend', '--help']], [['help', 'suspend']]])(
  'shows help for %j with 0, on standard output',
  async (words) => {
    const { code, out } = await run(words);
    expect(code).toBe(0);
    expect(out.join('\n')).toContain('--occurred-at');
  },
);

it('ends with 1 where nobody answers', async () => {
  const env = { ...TOKEN, KYOKA_URL: 'http://127.0.0.1:1' };
  const { code, out } = await run(['explain', 'store/c-1'], { env });
  expect(code).toBe(1);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    status: 'refused',
    code: 'network_unavailable',
  });
});

describe('commands that need no running service', () => {
  it('checks and compares policy files', async () => {
    const file = 'deploy/policies/almado.yaml';
    const checked = await run(['policy', 'check', file]);
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.out.at(-1) ?? '')).toMatchObject({ file, errors: 0 });
    const compared = await run(['policy', 'diff', file, file]);
    expect(compared.code).toBe(0);
    expect((await run(['policy', 'check', 'no-such-file.yaml'])).code).toBe(1);
  });

  it('makes match keys of what it is given', async () => {
    const line = '{"id":"v1","network":"google","identifier":"email","raw":"a@b.jp"}';
    const { code, out } = await run(['match-keys'], { input: [line, 'no JSON'] });
    expect(code).toBe(1);
    expect(out.map((text) => (JSON.parse(text) as { status: string }).status)).toEqual([
      'accepted',
      'refused',
    ]);
  });

  it('decides by policies of another folder', async () => {
    const input = [
      '{"id":"c1","policy":"trial@1","at":"2026-11-22T10:00:00+09:00","request":{"purpose":"x","channel":"email"},"facts":{}}',
    ];
    const { out } = await run(['decide'], { input });
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      allowed: false,
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'unknown_policy' })]),
    });
    const trial = await run(['decide', '--policies', 'test/golden/decisions/policies'], { input });
    expect(trial.code).toBe(0);
    expect(trial.out[0]).not.toContain('unknown_policy');
  });
});
