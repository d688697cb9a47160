import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from './index.js';

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
