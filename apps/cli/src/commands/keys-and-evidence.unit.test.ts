import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyHead, sealBlock } from '@kyoka/chain';
import { openCheckpoints, sha256Hex } from '@kyoka/evidence';
import { openVault } from '@kyoka/vault';
import type { Vault } from '@kyoka/vault';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publisherAddCommand } from './publisher-add.js';
import { verifyCommand } from './verify.js';

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

describe('verify', () => {
  it('answers 0 for a sound chain and 1 for a defect, with the report as last line', async () => {
    const dirs = [join(root, 'a'), join(root, 'b')];
    const entries = [{ act: 'granted' }];
    const block = sealBlock(sha256Hex, emptyHead('ledger'), entries, 1);
    const writer = await openCheckpoints({ dirs, writer: 'main', signer: vault.checkpointSigner });
    await writer.write([block], 1);
    await writer.close();
    const sourceOf = (stored: object[]) => ({
      chains: async () => Promise.resolve(['ledger']),
      heads: async () => Promise.resolve([]),
      async *blocks() {
        yield { ...block, count: 1, entries: stored as { act: string }[] };
      },
    });
    const run = async (stored: object[], keys = keyDir) =>
      verifyCommand({ sources: [sourceOf(stored)], checkpointDirs: dirs, keyDir: keys, write });
    expect(await run(entries)).toBe(0);
    expect(answer()).toMatchObject({ entries: 1, chains: 1, defects: [] });
    expect(await run([{ act: 'withdrawn' }])).toBe(1);
    expect(answer()).toMatchObject({
      defects: [{ kind: 'changed_entry', chain: 'ledger', block: 1 }],
    });
    await expect(run(entries, root)).rejects.toMatchObject({ code: 'key_missing' });
  });
});
