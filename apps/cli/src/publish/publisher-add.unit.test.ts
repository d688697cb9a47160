import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault } from '@kyoka/vault';
import type { Vault } from '@kyoka/vault';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publisherAddCommand } from './publisher-add.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-cli-'));
afterAll(async () => rm(root, { recursive: true, force: true }));
const keyDir = join(root, 'keys');
let vault: Vault;
beforeAll(async () => {
  vault = await openVault({ keyDir, create: true });
});

let written: string[] = [];
beforeEach(() => (written = []));
const write = (line: string) => void written.push(line);
const answer = () => JSON.parse(written.at(-1) ?? '') as Record<string, unknown>;

describe('publisher add', () => {
  const options = {
    keyDir,
    name: 'store front',
    sources: ['store'],
    types: ['jp.kyoka.order.placed.v1'],
    until: '2027-03-31',
    now: Date.parse('2026-12-01T00:00:00+09:00'),
    write,
  };

  it('writes the key to a file only its owner reads, and not to the terminal', async () => {
    const out = join(root, 'store.json');
    expect(await publisherAddCommand({ ...options, out })).toBe(0);
    const file = JSON.parse(await readFile(out, 'utf8')) as { kid: string; key: string };
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(written.join()).not.toContain(file.key);
    expect(answer()).toMatchObject({ status: 'registered', kid: file.kid, file: out });
    expect(await vault.publishers.find(file.kid)).toMatchObject({
      sources: ['store'],
      validUntil: Date.parse('2027-03-31T23:59:59.999+09:00'),
    });
  });

  it('shows the key when asked to', async () => {
    const out = join(root, 'shown.json');
    expect(await publisherAddCommand({ ...options, out, show: true })).toBe(0);
    const file = JSON.parse(await readFile(out, 'utf8')) as { key: string };
    expect(answer()['key']).toBe(file.key);
  });

  it.each([
    ['until', { until: '2027-02-30' }],
    ['until', { until: '2026-11-30' }],
    ['types', { types: ['jp.kyoka.order.placed.v9'] }],
    ['types', { types: [] }],
    ['sources', { sources: [] }],
    ['name', { name: '' }],
  ])('refuses a wrong %s, and registers nothing', async (field, wrong) => {
    const before = await vault.publishers.list();
    const out = join(root, 'refused.json');
    expect(await publisherAddCommand({ ...options, ...wrong, out })).toBe(1);
    expect(answer()).toMatchObject({ status: 'refused', faults: [{ field }] });
    await expect(stat(out)).rejects.toThrow();
    expect(await vault.publishers.list()).toEqual(before);
  });

  it('overwrites no file, and registers nothing when the key could not be handed over', async () => {
    const before = await vault.publishers.list();
    const taken = join(root, 'taken.json');
    await writeFile(taken, 'mine');
    for (const out of [taken, join(root, 'nowhere', 'key.json')]) {
      expect(await publisherAddCommand({ ...options, out })).toBe(1);
      expect(answer()).toMatchObject({ faults: [{ field: 'out' }] });
    }
    expect(await readFile(taken, 'utf8')).toBe('mine');
    expect(await vault.publishers.list()).toEqual(before);
  });
});
