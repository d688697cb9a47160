import { randomBytes } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { createFile, readIfThere, replaceFile } from './files.js';
import { folderKeyStore } from './folder-key-store.js';
import { createVaultKeys, loadVault } from './vault.js';
import type { Vault } from './vault.js';

export interface OpenVaultOptions {
  /** The key folder (`KYOKA_KEY_DIR`). */
  readonly keyDir: string;
  /** The data folder, if there is one: a copy of one must never be a copy of both. */
  readonly dataDir?: string | undefined;
  /** The key-encryption key, 32 bytes as base64url; a file `kek` in the key folder otherwise. */
  readonly kek?: string | undefined;
  /** Whether to make the keys where there are none. Only for a system that holds no data yet. */
  readonly create?: boolean;
}

/** Lies beside the keys, so that checkpoints can be verified without any secret. */
export const CHECKPOINT_PUBLIC_KEY_FILE = 'checkpoint-public.pem';

const KEK_FILE = 'kek';

/**
 * Opens the vault of a key folder.
 *
 * @throws KyokaError `config_invalid` if the folder lies in the data folder or the other way round,
 *   is open to others, or the key-encryption key isn't 32 bytes; `key_missing` if there are no keys
 *   and `create` is off, or some are lost; `seal_broken` if the key-encryption key isn't theirs
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { keyDir, dataDir, create = false } = options;
  if (dataDir !== undefined) await refuseNested(keyDir, dataDir);
  if (create) await mkdir(keyDir, { recursive: true, mode: 0o700 });
  await refuseOpenFolder(keyDir);
  const kek = await keyEncryptionKey(options);
  const store = folderKeyStore(keyDir);
  if (create) await createVaultKeys(store, kek);
  const vault = await loadVault(store, kek);
  if (create) await exportPublicKey(keyDir, vault);
  return vault;
}

async function exportPublicKey(keyDir: string, vault: Vault): Promise<void> {
  const path = join(keyDir, CHECKPOINT_PUBLIC_KEY_FILE);
  const pem = Buffer.from(vault.checkpointSigner.publicKeyPem);
  if (!(await readIfThere(path))?.equals(pem)) await replaceFile(path, pem);
}

async function keyEncryptionKey({ keyDir, kek, create }: OpenVaultOptions): Promise<Buffer> {
  if (kek !== undefined) return decodeKek(kek, 'KYOKA_KEK');
  const path = join(keyDir, KEK_FILE);
  if (create && (await folderKeyStore(keyDir).names('')).length === 0) {
    await createFile(path, Buffer.from(randomBytes(32).toString('base64url')));
  }
  const text = await readIfThere(path);
  if (!text) throw new KyokaError('key_missing', 'the key folder has no key-encryption key');
  return decodeKek(text.toString(), `KYOKA_KEY_DIR/${KEK_FILE}`);
}

function decodeKek(text: string, field: string): Buffer {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64url');
  if (/^[A-Za-z0-9_-]{43}$/.test(trimmed) && bytes.length === 32) return bytes;
  throw invalid(field, '32 random bytes as base64url (43 characters)');
}

async function refuseOpenFolder(keyDir: string): Promise<void> {
  const found = await stat(keyDir).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new KyokaError('key_missing', 'the key folder does not exist');
  }
  if ((found.mode & 0o077) !== 0) throw invalid('KYOKA_KEY_DIR', 'a folder of mode 0700');
}

async function refuseNested(keyDir: string, dataDir: string): Promise<void> {
  const keys = `${await realPathOf(keyDir)}${sep}`;
  const data = `${await realPathOf(dataDir)}${sep}`;
  if (keys.startsWith(data) || data.startsWith(keys)) {
    throw invalid('KYOKA_KEY_DIR', 'a folder apart from KYOKA_DATA_DIR, neither inside the other');
  }
}

/** The path behind every symbolic link, also of a folder that doesn't exist yet. */
async function realPathOf(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await realPathOf(parent), basename(absolute));
  }
}

function invalid(field: string, expected: string): KyokaError {
  return new KyokaError('config_invalid', `${field}: expected ${expected}`, {
    faults: [{ field, expected }],
  });
}
