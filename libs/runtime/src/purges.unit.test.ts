import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, MINUTE } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { keyCopies } from './purges.js';

const MADE = Date.parse('2026-11-20T03:00:00Z');

it('copies of the keys go after 14 days by the clock alone, and nothing else in their folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kyoka-copies-'));
  try {
    await mkdir(join(dir, 'keys-20261120T030000Z'));
    await mkdir(join(dir, 'other'));
    const task = keyCopies(dir);
    expect(await task.run(MADE + 14 * DAY)).toBe(0);
    expect(await readdir(dir)).toHaveLength(2);
    expect(await task.run(MADE + 14 * DAY + MINUTE)).toBe(1);
    expect(await readdir(dir)).toEqual(['other']);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

it('a folder that is not there yet holds none', async () => {
  expect(await keyCopies(join(tmpdir(), 'kyoka-no-such-folder')).run(MADE)).toBe(0);
});
