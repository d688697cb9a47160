import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { folderKeyStore } from './folder-key-store.js';
import { createVaultKeys, loadVault } from './index.js';
import type { KeyStore, StoredBlob } from './index.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-vault-'));
afterAll(async () => rm(root, { recursive: true, force: true }));

let count = 0;
let keyDir = '';
beforeEach(() => {
  count += 1;
  keyDir = join(root, `keys-${count}`);
});

const bind = { subject: 'subject-1', field: 'email' };

describe('any key store', () => {
  /** A store in memory whose process is killed before its `life`-th write. */
  function memoryStore(blobs: Map<string, StoredBlob>, life = Number.POSITIVE_INFINITY): KeyStore {
    let writes = 0;
    return {
      names: async (prefix) =>
        Promise.resolve([...blobs.keys()].filter((name) => name.startsWith(prefix)).sort()),
      load: async (name) => Promise.resolve(blobs.get(name)),
      store: async (name, revision, blob) => {
        writes += 1;
        if (writes > life) throw new Error('killed');
        if ((blobs.get(name)?.revision ?? 0) >= revision) return Promise.resolve(false);
        blobs.set(name, { revision, blob });
        return Promise.resolve(true);
      },
      destroy: async (name) => Promise.resolve(void blobs.delete(name)),
    };
  }
  const kek = Buffer.alloc(32, 7);

  it('that was left by a kill before any of its first writes is completed with the keys it has', async () => {
    const whole = new Map<string, StoredBlob>();
    await createVaultKeys(memoryStore(whole), kek);
    for (let life = 0; life < whole.size; life += 1) {
      const blobs = new Map<string, StoredBlob>();
      await expect(createVaultKeys(memoryStore(blobs, life), kek)).rejects.toThrow('killed');
      // Nobody can have sealed anything yet: without the marker the vault doesn't open.
      await expect(loadVault(memoryStore(blobs), kek)).rejects.toMatchObject({
        code: 'key_missing',
      });
      const left = new Map(blobs);
      await createVaultKeys(memoryStore(blobs), kek);
      expect([...blobs.keys()].sort()).toEqual([...whole.keys()].sort());
      for (const [name, blob] of left) expect(blobs.get(name)).toBe(blob);
      const opened = await loadVault(memoryStore(blobs), kek);
      expect(opened.open(opened.seal('x', bind), bind)).toBe('x');
    }
  });

  it('gives nothing to another key-encryption key, and takes no key of its own making', async () => {
    const blobs = new Map<string, StoredBlob>();
    await createVaultKeys(memoryStore(blobs), kek);
    const before = new Map(blobs);
    const wrong = Buffer.alloc(32, 8);
    await expect(loadVault(memoryStore(blobs), wrong)).rejects.toMatchObject({
      code: 'seal_broken',
    });
    await expect(createVaultKeys(memoryStore(blobs), wrong)).rejects.toMatchObject({
      code: 'seal_broken',
    });
    expect(blobs).toEqual(before);
  });

  it('never holds a key readable, nor the same ciphertext for the same key twice', async () => {
    const [one, two] = [new Map<string, StoredBlob>(), new Map<string, StoredBlob>()];
    await createVaultKeys(memoryStore(one), kek);
    await createVaultKeys(memoryStore(two), kek);
    const ivs = [...one.values(), ...two.values()].map(({ blob }) => blob.toString('hex', 1, 13));
    expect(new Set(ivs).size).toBe(ivs.length);
    const vault = await loadVault(memoryStore(one), kek);
    const everything = Buffer.concat([...one.values()].map(({ blob }) => blob));
    for (const secret of [vault.id, kek]) {
      expect(everything.includes(secret)).toBe(false);
    }
  });
});

describe('the folder as key store', () => {
  it('lets one of many store a revision, and keeps the last only', async () => {
    await mkdir(keyDir);
    const store = folderKeyStore(keyDir);
    const won = await Promise.all(
      [1, 2, 3, 4].map(async (value) => store.store('k', 1, Buffer.of(value))),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.store('k', 2, Buffer.of(9))).toBe(true);
    expect(await store.store('k', 1, Buffer.of(8))).toBe(false);
    expect(await store.load('k')).toEqual({ revision: 2, blob: Buffer.of(9) });
    expect(await readdir(keyDir)).toEqual(['k.2']);
    await store.destroy('k');
    expect(await store.load('k')).toBeUndefined();
    expect(await store.names('')).toEqual([]);
  });

  it('takes up what a killed process left, without touching what is in use', async () => {
    await mkdir(keyDir);
    const store = folderKeyStore(keyDir);
    await store.store('k', 2, Buffer.of(2));
    await writeFile(join(keyDir, 'k.1'), 'destroyed key that was not removed in time');
    await writeFile(join(keyDir, '.k.1.00ff.tmp'), 'draft that lost');
    await link(join(keyDir, 'k.2'), join(keyDir, '.k.2.00ff.tmp'));
    await writeFile(join(keyDir, '.k.3.00ff.tmp'), 'draft under way');
    expect(await store.load('k')).toEqual({ revision: 2, blob: Buffer.of(2) });
    expect((await readdir(keyDir)).sort()).toEqual(['.k.3.00ff.tmp', 'k.2']);
    expect(await readFile(join(keyDir, 'k.2'))).toEqual(Buffer.of(2));
  });
});
