import { describe, expect, it } from 'vitest';
import { UsageError } from '../lines/surroundings.js';
import { refuseContactValues, subjectLines, whomOf } from './whom.js';

const ID = '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21';
const LINE = `U${'0123456789abcdef'.repeat(2)}`;

describe('whom a line means', () => {
  it.each([
    [ID.toUpperCase(), { id: ID }],
    ['store/c-10293', { source: 'store', ref: 'c-10293' }],
    ['mall.rakuten/2026/7', { source: 'mall.rakuten', ref: '2026/7' }],
    [' taro@example.jp ', { contact: { kind: 'email', value: 'taro@example.jp' } }],
    ['a/b@example.jp', { contact: { kind: 'email', value: 'a/b@example.jp' } }],
    ['taro＠example.jp', { contact: { kind: 'email', value: 'taro＠example.jp' } }],
    ['090-1234-5678', { contact: { kind: 'phone', value: '090-1234-5678' } }],
    ['+81 (0)90 1234 5678', { contact: { kind: 'phone', value: '+81 (0)90 1234 5678' } }],
    ['０９０１２３４５６７８', { contact: { kind: 'phone', value: '０９０１２３４５６７８' } }],
    [LINE, { contact: { kind: 'line', value: LINE } }],
    ['{"kind":"postal","value":"東京都"}', { contact: { kind: 'postal', value: '東京都' } }],
    [
      '{"contact":{"kind":"email","value":"a@b.jp"}}',
      { contact: { kind: 'email', value: 'a@b.jp' } },
    ],
    ['{"source":"store","ref":"1"}', { source: 'store', ref: '1' }],
  ])('%s', (line, whom) => {
    expect(whomOf(line)).toEqual(whom);
  });

  it.each(['taro', '{"kind":"email"}', '{', '[]', '12345'])(
    'refuses %s, without an echo',
    (line) => {
      expect(() => whomOf(line)).toThrow(expect.objectContaining({ code: 'bad_input' }));
      expect(() => whomOf(line)).not.toThrow(/taro|12345/);
    },
  );
});

describe('arguments', () => {
  const surroundings = {
    env: {},
    lines: async function* () {
      yield 'from standard input';
    },
    write: () => undefined,
    tell: () => undefined,
  };

  it.each(['taro@example.jp', '--reason=taro＠example', '09012345678', '+81-90-1234-5678', LINE])(
    'may not be a contact value: %s',
    (word) => {
      expect(() => refuseContactValues(['explain', word])).toThrow(UsageError);
      expect(() => refuseContactValues([word])).not.toThrow(word);
      expect(() => subjectLines([word], surroundings)).toThrow(UsageError);
    },
  );

  it.each([ID, 'store/c-1', '--wait', '30', '--reason', 'leak of 2026-11-20', '-'])(
    'may be %s',
    (word) => {
      expect(() => refuseContactValues([word])).not.toThrow();
    },
  );

  it('are taken before standard input, which a dash or nothing stands for', async () => {
    expect(subjectLines([ID, 'store/c-1'], surroundings)).toEqual([ID, 'store/c-1']);
    for (const words of [[], ['-']]) {
      const taken: string[] = [];
      for await (const line of subjectLines(words, surroundings)) taken.push(line);
      expect(taken).toEqual(['from standard input']);
    }
  });
});
