import { verify } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderKeyStore } from './folder-key-store.js';
import { createVaultKeys, loadVault, openVault } from './index.js';
import type { KeyStore, StoredBlob, Vault } from './index.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-vault-'));
afterAll(async () => rm(root, { recursive: true, force: true }));

let count = 0;
let keyDir = '';
beforeEach(() => {
  count += 1;
  keyDir = join(root, `keys-${count}`);
});

const KEK = Buffer.alloc(32, 7).toString('base64url');
const OTHER_KEK = Buffer.alloc(32, 8).toString('base64url');
const bind = { subject: 'subject-1', field: 'email' };

describe('opening', () => {
  it('makes a folder of mode 0700 with files of mode 0600, once', async () => {
    const made = await openVault({ keyDir, create: true });
    expect((await stat(keyDir)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(keyDir)) {
      expect([file, (await stat(join(keyDir, file))).mode & 0o777]).toEqual([file, 0o600]);
    }
    const again = await openVault({ keyDir, create: true });
    expect(again.id).toBe(made.id);
    expect(again.open(made.seal('taro@example.jp', bind), bind)).toBe('taro@example.jp');
  });

  it('makes the same keys in processes that start together', async () => {
    const vaults = await Promise.all(
      [1, 2, 3].map(async () => openVault({ keyDir, create: true })),
    );
    const sealed = vaults.map((vault) => vault.seal('x', bind));
    for (const vault of vaults) {
      expect(vault.id).toBe(vaults[0]?.id);
      expect(sealed.map((value) => vault.open(value, bind))).toEqual(['x', 'x', 'x']);
      expect(vault.token('email', 'x')).toEqual(vaults[0]?.token('email', 'x'));
    }
  });

  it('does not make keys unless told to', async () => {
    await expect(openVault({ keyDir })).rejects.toMatchObject({ code: 'key_missing' });
    await mkdir(keyDir, { mode: 0o700 });
    await expect(openVault({ keyDir })).rejects.toMatchObject({ code: 'key_missing' });
    await expect(openVault({ keyDir, kek: KEK })).rejects.toMatchObject({ code: 'key_missing' });
  });

  it.each(['token.1', 'root.1', 'kek', 'buckets-07.1', 'checkpoint-signer.1'])(
    'does not replace a lost %s by another one',
    async (file) => {
      await openVault({ keyDir, create: true });
      await rm(join(keyDir, file));
      await expect(openVault({ keyDir, create: true })).rejects.toMatchObject({
        code: 'key_missing',
      });
    },
  );

  it('completes what a killed first start left', async () => {
    const first = await openVault({ keyDir, create: true });
    for (const file of ['vault.1', 'buckets-15.1']) await rm(join(keyDir, file));
    const second = await openVault({ keyDir, create: true });
    expect(second.token('phone', '+819012345678')).toEqual(first.token('phone', '+819012345678'));
  });

  it('leaves no key-encryption key in the folder when one is given', async () => {
    await openVault({ keyDir, kek: KEK, create: true });
    expect(await readdir(keyDir)).not.toContain('kek');
    await expect(openVault({ keyDir, kek: OTHER_KEK })).rejects.toMatchObject({
      code: 'seal_broken',
    });
    await expect(openVault({ keyDir })).rejects.toMatchObject({ code: 'key_missing' });
  });

  it.each(['', 'short', `${KEK}A`, 'a'.repeat(42)])(
    'refuses the key-encryption key %j',
    async (kek) => {
      await expect(openVault({ keyDir, kek, create: true })).rejects.toMatchObject({
        code: 'config_invalid',
        faults: [{ field: 'KYOKA_KEK' }],
      });
    },
  );

  it('refuses a folder that others may read', async () => {
    await openVault({ keyDir, create: true });
    await chmod(keyDir, 0o750);
    await expect(openVault({ keyDir })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it.each([
    ['inside the data folder', 'data', 'data/keys'],
    ['around the data folder', 'keys/data', 'keys'],
    ['the same folder', 'data', 'data/../data'],
    ['inside it behind a symbolic link', 'data', 'alias/keys'],
  ])('refuses a key folder %s', async (_, data, keys) => {
    await mkdir(join(keyDir, 'data'), { recursive: true });
    await symlink(join(keyDir, 'data'), join(keyDir, 'alias'));
    const options = { keyDir: join(keyDir, keys), dataDir: join(keyDir, data), create: true };
    await expect(openVault(options)).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('takes folders side by side, one name the beginning of the other', async () => {
    const options = { keyDir: join(keyDir, '.kyoka-keys'), dataDir: join(keyDir, '.kyoka') };
    await expect(openVault({ ...options, create: true })).resolves.toBeDefined();
  });
});

describe('in use', () => {
  let vault: Vault;
  let folder = '';
  beforeAll(async () => {
    folder = join(root, 'in-use');
    vault = await openVault({ keyDir: folder, create: true });
  });

  describe('tokens', () => {
    it('differ by kind, value and vault, and are the same each time', async () => {
      const other = await openVault({ keyDir, create: true });
      const tokens = [
        vault.token('email', 'taro@example.jp'),
        vault.token('line', 'taro@example.jp'),
        vault.token('email', 'jiro@example.jp'),
        other.token('email', 'taro@example.jp'),
        vault.mac('email', 'taro@example.jp'),
      ];
      expect(new Set(tokens.map((token) => token.toString('hex'))).size).toBe(tokens.length);
      expect(vault.token('email', 'taro@example.jp')).toEqual(tokens[0]);
      expect(tokens[0]).toHaveLength(32);
    });

    it('of other uses are kept apart by domain', () => {
      expect(vault.mac('ab', 'c')).not.toEqual(vault.mac('a', 'bc'));
      expect(vault.mac('a', Buffer.from('b'))).toEqual(vault.mac('a', 'b'));
    });

    it('and secrets are derived, one per name', () => {
      expect(vault.secret('database')).toEqual(vault.secret('database'));
      expect(vault.secret('database')).not.toEqual(vault.secret('tokens'));
    });
  });

  describe('a sealed value', () => {
    it('opens again, whatever it is', () => {
      fc.assert(
        fc.property(
          fc.string({ unit: 'grapheme' }),
          fc.string(),
          fc.string(),
          (plain, subject, field) => {
            expect(vault.open(vault.seal(plain, { subject, field }), { subject, field })).toBe(
              plain,
            );
          },
        ),
      );
    });

    it('is another one each time and says nothing of its content', () => {
      const [a, b] = [vault.seal('taro', bind), vault.seal('taro', bind)];
      expect(a).not.toEqual(b);
      expect(a.includes('taro')).toBe(false);
      expect(a).toHaveLength(43 + 'taro'.length);
    });

    it.each([
      ['another subject', { ...bind, subject: 'subject-2' }],
      ['another field', { ...bind, field: 'phone' }],
      ['a boundary moved', { subject: 'subject-1e', field: 'mail' }],
    ])('does not open for %s', (_, other) => {
      expect(() => vault.open(vault.seal('taro', bind), other)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
    });

    it('does not open for another subject of the same bucket', () => {
      const twin = Array.from({ length: 20_000 }, (_, index) => `twin-${index}`).find(
        (subject) => vault.bucketOf(subject) === vault.bucketOf(bind.subject),
      );
      const other = { ...bind, subject: twin ?? bind.subject };
      expect(() => vault.open(vault.seal('taro', bind), other)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
    });

    it('does not open once any byte of it is changed or missing', () => {
      const sealed = vault.seal('taro', bind);
      for (let at = 0; at < sealed.length; at++) {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const code = at >= 1 && at <= 6 ? /seal_broken|key_missing/ : /seal_broken/;
        expect(() => vault.open(changed, bind)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(code) }),
        );
        expect(() => vault.open(sealed.subarray(0, at), bind)).toThrow(
          expect.objectContaining({ code: 'seal_broken' }),
        );
      }
    });

    it('spreads subjects over the buckets', () => {
      const used = new Set(
        Array.from({ length: 20_000 }, (_, index) => vault.bucketOf(`s${index}`)),
      );
      expect(used.size).toBe(vault.buckets);
    });
  });

  describe('a rotated bucket', () => {
    it('opens what was sealed before until the older key is destroyed, in every process', async () => {
      const other = await openVault({ keyDir: folder });
      const bucket = vault.bucketOf(bind.subject);
      const before = vault.seal('taro', bind);
      const version = await vault.rotateBucket(bucket);
      const after = vault.seal('taro', bind);
      expect(vault.keyVersionOf(before)).toBe(version - 1);
      expect(vault.keyVersionOf(after)).toBe(version);
      expect(vault.open(before, bind)).toBe('taro');
      expect(() => other.open(after, bind)).toThrow(
        expect.objectContaining({ code: 'key_missing' }),
      );
      await other.refresh();
      expect(other.open(after, bind)).toBe('taro');
      expect(other.keyVersionOf(other.seal('taro', bind))).toBe(version);

      await vault.destroyBucketKey(bucket, version - 1);
      await other.refresh();
      const reopened = await openVault({ keyDir: folder });
      for (const each of [vault, other, reopened]) {
        expect(() => each.open(before, bind)).toThrow(
          expect.objectContaining({ code: 'key_missing' }),
        );
        expect(each.open(after, bind)).toBe('taro');
      }
      await expect(vault.destroyBucketKey(bucket, version)).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('does not open a value whose key version was changed to another living one', async () => {
      const bucket = vault.bucketOf(bind.subject);
      const version = await vault.rotateBucket(bucket);
      const sealed = vault.seal('taro', bind);
      sealed.writeUInt32BE(version - 1, 3);
      expect(() => vault.open(sealed, bind)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
    });

    it('loses no key when two processes rotate neighbours at the same time', async () => {
      const other = await openVault({ keyDir: folder });
      const subjects = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
      const [a, b] = [0, 1].map(
        (bucket) => subjects.find((s) => vault.bucketOf(s) === bucket) ?? '',
      );
      const binds = [a, b].map((subject) => ({ subject: subject ?? '', field: 'email' }));
      await Promise.all([vault.rotateBucket(0), other.rotateBucket(1), vault.rotateBucket(0)]);
      const reopened = await openVault({ keyDir: folder });
      expect(binds.map((each) => reopened.keyVersionOf(reopened.seal('x', each)))).toEqual([3, 2]);
    });
  });

  describe('what is parked', () => {
    it('opens for its row until the day is over its term', async () => {
      const original = Buffer.from([0, 255, 10]);
      const old = await vault.sealParked(original, '2026-11-01', 'row-1');
      const recent = await vault.sealParked(original, '2026-11-20', 'row-2');
      expect(await vault.openParked(old, 'row-1')).toEqual(original);
      await expect(vault.openParked(old, 'row-2')).rejects.toMatchObject({ code: 'seal_broken' });
      expect(await vault.destroyDatedKeys('2026-11-20')).toEqual(['2026-11-01']);
      const reopened = await openVault({ keyDir: folder });
      for (const each of [vault, reopened]) {
        await expect(each.openParked(old, 'row-1')).rejects.toMatchObject({ code: 'key_missing' });
        expect(await each.openParked(recent, 'row-2')).toEqual(original);
      }
    });

    it('is no value of a contact point, nor the other way round', async () => {
      const parked = await vault.sealParked(Buffer.from('x'), '2026-11-20', 'row');
      expect(() => vault.open(parked, bind)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
      await expect(vault.openParked(vault.seal('x', bind), 'row')).rejects.toMatchObject({
        code: 'seal_broken',
      });
    });

    it('needs a day', async () => {
      await expect(vault.sealParked(Buffer.of(1), '../../etc', 'row')).rejects.toMatchObject({
        code: 'bad_input',
      });
    });
  });

  describe('the publisher registry', () => {
    const grant = {
      name: 'store front',
      sources: ['store'],
      types: ['jp.kyoka.order.placed.v1'],
      validUntil: 1_800_000_000_000,
    };

    it('finds what another process registered, and shows no key again', async () => {
      const other = await openVault({ keyDir: folder });
      expect(await vault.publishers.find('kp-0000000000000000')).toBeUndefined();
      const { kid, key } = await other.publishers.register(grant);
      expect(Buffer.from(key, 'base64url')).toHaveLength(32);
      const found = await vault.publishers.find(kid);
      expect(found).toMatchObject({ ...grant, kid });
      expect(JSON.stringify([found, await vault.publishers.list()])).not.toContain(key);
      for (const file of await readdir(folder)) {
        const text = (await readFile(join(folder, file))).toString('latin1');
        expect(text.includes(key) || text.includes(grant.name)).toBe(false);
      }
    });

    it('does not open an entry that was edited, renamed or put back', async () => {
      const { kid } = await vault.publishers.register(grant);
      const path = join(folder, `publisher-${kid}.1`);
      const blob = await readFile(path);
      const edited = Buffer.from(blob);
      edited[20] = (edited[20] ?? 0) ^ 1;
      await writeFile(path, edited);
      await expect(vault.publishers.find(kid)).rejects.toMatchObject({ code: 'seal_broken' });
      await writeFile(path, blob);
      await rename(path, join(folder, `publisher-${kid}.2`));
      await expect(vault.publishers.find(kid)).rejects.toMatchObject({ code: 'seal_broken' });
      await rename(
        join(folder, `publisher-${kid}.2`),
        join(folder, 'publisher-kp-ffffffffffffffff.1'),
      );
      await expect(vault.publishers.find('kp-ffffffffffffffff')).rejects.toMatchObject({
        code: 'seal_broken',
      });
      await rm(join(folder, 'publisher-kp-ffffffffffffffff.1'));
    });

    it.each([
      ['name', { ...grant, name: '' }],
      ['name', { ...grant, name: 'a\nb' }],
      ['sources', { ...grant, sources: [] }],
      ['types', { ...grant, types: ['a b'] }],
      ['validUntil', { ...grant, validUntil: Number.NaN }],
    ])('refuses a wrong %s', async (field, wrong) => {
      await expect(vault.publishers.register(wrong)).rejects.toMatchObject({
        code: 'bad_input',
        faults: [{ field }],
      });
    });

    it.each(['', '../kek', 'kp-zz', 'KP-0000000000000000'])('knows no key id %j', async (kid) => {
      expect(await vault.publishers.find(kid)).toBeUndefined();
    });
  });

  it('signs for whoever holds the exported public key', async () => {
    const pem = await readFile(join(folder, 'checkpoint-public.pem'));
    const signature = vault.checkpointSigner.sign(Buffer.from('head'));
    expect(verify(null, Buffer.from('head'), pem, signature)).toBe(true);
    expect(verify(null, Buffer.from('Head'), pem, signature)).toBe(false);
  });
});

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
    const { key } = await vault.publishers.register({
      name: 'store',
      sources: ['store'],
      types: ['jp.kyoka.order.placed.v1'],
      validUntil: 1,
    });
    const everything = Buffer.concat([...one.values()].map(({ blob }) => blob));
    for (const secret of [key, Buffer.from(key, 'base64url'), vault.id, 'store', kek]) {
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
