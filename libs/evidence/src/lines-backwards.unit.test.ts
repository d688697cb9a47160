import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { linesBackwards } from './lines-backwards.js';
import { linesOf } from './lines.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-lines-'));
afterAll(() => rm(root, { recursive: true }));

const all = async <T>(lines: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const line of lines) found.push(line);
  return found;
};

it.each([
  ['nothing', ''],
  ['one line', 'a\n'],
  ['empty lines', '\n\na\n\n'],
  ['a cut line', 'a\nbb\nccc'],
  ['only a cut line', 'ccc'],
  ['lines longer than a chunk', `${'x'.repeat(100_000)}\n${'円'.repeat(60_000)}\nshort\n`],
  ['many lines', Array.from({ length: 30_000 }, (_, n) => `line ${n}\n`).join('')],
])('gives the lines of %s in the opposite order', async (_, text) => {
  const path = join(root, 'file');
  await writeFile(path, text);
  expect(await all(linesBackwards(path))).toEqual((await all(linesOf(path))).reverse());
});

it('reads the end alone of what is long', async () => {
  const path = join(root, 'long');
  await writeFile(path, '');
  for (let part = 0; part < 4; part += 1) await appendFile(path, `${'y'.repeat(1_000_000)}\n`);
  await appendFile(path, 'last\n');
  for await (const line of linesBackwards(path)) {
    expect(line).toEqual({ text: 'last', end: 4_000_009, whole: true });
    break;
  }
});

it('gives nothing of a file that is not there', async () => {
  expect(await all(linesBackwards(join(root, 'nowhere')))).toEqual([]);
});
