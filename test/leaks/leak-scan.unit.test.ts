import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leakScanner } from './leak-scan.js';

const planted = [
  { name: 'one', kind: 'email' as const, value: 'Ta.Ro+shop@Gmail.com' },
  { name: 'two', kind: 'phone' as const, value: '090-1234-5678' },
];
const sha = (text: string) => createHash('sha256').update(text);

describe('the leak scan', () => {
  const scanner = leakScanner(planted);

  it.each([
    ['the value as given', 'x Ta.Ro+shop@Gmail.com y', 'one'],
    ['its normal form', 'mail=ta.ro+shop@gmail.com', 'one'],
    ['the form a network folds it to', 'taro@gmail.com', 'one'],
    ['percent encoding', 'q=ta.ro%2Bshop%40gmail.com', 'one'],
    [
      'JSON escapes',
      '\\u0074\\u0061\\u002e\\u0072\\u006f\\u002b\\u0073\\u0068\\u006f\\u0070\\u0040\\u0067\\u006d\\u0061\\u0069\\u006c\\u002e\\u0063\\u006f\\u006d',
      'one',
    ],
    [
      'base64 inside a longer text',
      Buffer.from('zz ta.ro+shop@gmail.com zz').toString('base64'),
      'one',
    ],
    [
      'base64 at another offset',
      Buffer.from('z ta.ro+shop@gmail.com').toString('base64url'),
      'one',
    ],
    ['a digest in hexadecimal', sha('taro@gmail.com').digest('hex'), 'one'],
    ['a digest in base64', sha('+819012345678').digest('base64'), 'two'],
    ['a raw digest', Buffer.concat([Buffer.from('..'), sha('819012345678').digest()]), 'two'],
    ['the bytes in hexadecimal', `\\x${Buffer.from('z taro@gmail.com').toString('hex')}`, 'one'],
    ['a number with hyphens', 'call 090-1234-5678', 'two'],
    ['a number in E.164', 'to:+819012345678', 'two'],
  ])('finds %s', (_form, text, name) => {
    expect(scanner.scanText(text, 'log').map((leak) => leak.name)).toContain(name);
  });

  it.each([0, 1, 2, 3, 5, 4095, 4096, 4097, 8192, 9000])(
    'finds one behind and before %d zeros',
    (zeros) => {
      const bytes = Buffer.alloc(zeros * 2 + 13);
      bytes.write('+819012345678', zeros);
      expect(scanner.scanText(bytes, 'file').map((leak) => leak.name)).toContain('two');
    },
  );

  it('finds nothing where nothing is', () => {
    expect(scanner.scanText(`${'hanako@example.jp 080-9999-8888 '.repeat(100)}`, 'log')).toEqual(
      [],
    );
  });

  describe('of a folder', () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kyoka-leaks-'));
      await mkdir(join(folder, 'deep'));
      // Across the border of two chunks.
      const long = Buffer.alloc((4 << 20) + 100, '.');
      long.write('+819012345678', (4 << 20) - 6);
      await writeFile(join(folder, 'deep', 'wal'), long);
      await writeFile(join(folder, 'clean'), 'nothing');
      await writeFile(join(folder, 'ta.ro+shop@gmail.com.txt'), '');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('looks into every file, across chunks, and at names, and never repeats the value', async () => {
      const scan = await scanner.scanFolder(folder);
      expect(scan.files).toBe(3);
      expect(scan.leaks.some((leak) => leak.where === 'deep/wal' && leak.name === 'two')).toBe(
        true,
      );
      expect(
        scan.leaks.some((leak) => leak.where.startsWith('name of') && leak.name === 'one'),
      ).toBe(true);
    });
  });
});
