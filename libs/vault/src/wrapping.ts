import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import type { KeyStore } from './key-store.js';

interface Unwrapped {
  readonly revision: number;
  readonly bytes: Buffer;
}

/** Keys as they are used, over a store that holds them wrapped. */
export interface WrappedKeys {
  names(prefix: string): Promise<string[]>;
  /** @throws KyokaError `seal_broken` if the blob was changed, moved, or wrapped under another key */
  read(name: string): Promise<Unwrapped | undefined>;
  /** @returns false if another process stored this revision first */
  write(name: string, revision: number, bytes: Buffer): Promise<boolean>;
  /** The blob of this name, made now if there is none. Every process gets the same one. */
  ensure(name: string, make: () => Buffer): Promise<Buffer>;
  destroy(name: string): Promise<void>;
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Wraps with AES-256-GCM under a key derived from the key-encryption key. Name and revision are
 * authenticated: a blob under another name, or an older one renamed, doesn't unwrap.
 */
export function wrapKeys(store: KeyStore, kek: Buffer): WrappedKeys {
  const key = createSecretKey(
    Buffer.from(hkdfSync('sha256', kek, '', 'kyoka key wrapping v1', 32)),
  );

  async function read(name: string): Promise<Unwrapped | undefined> {
    const stored = await store.load(name);
    if (!stored) return undefined;
    const bytes = unwrap(key, name, stored.revision, stored.blob);
    if (!bytes) {
      throw new KyokaError(
        'seal_broken',
        `the wrapped key ${name} doesn't open: it was changed, or wrapped under another key-encryption key`,
      );
    }
    return { revision: stored.revision, bytes };
  }

  async function write(name: string, revision: number, bytes: Buffer): Promise<boolean> {
    return store.store(name, revision, wrap(key, name, revision, bytes));
  }

  return {
    read,
    write,
    names: (prefix) => store.names(prefix),
    destroy: (name) => store.destroy(name),
    async ensure(name, make) {
      for (;;) {
        const found = await read(name);
        if (found) return found.bytes;
        const made = make();
        if (await write(name, 1, made)) return made;
      }
    },
  };
}

function aad(name: string, revision: number): Buffer {
  return Buffer.from(`kyoka wrapped key\0${name}\0${revision}`);
}

function wrap(key: KeyObject, name: string, revision: number, bytes: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(name, revision));
  const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Buffer.of(FORMAT), iv, text, cipher.getAuthTag()]);
}

function unwrap(key: KeyObject, name: string, revision: number, blob: Buffer): Buffer | undefined {
  if (blob[0] !== FORMAT || blob.length < 1 + IV_BYTES + TAG_BYTES) return undefined;
  const iv = blob.subarray(1, 1 + IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    .setAAD(aad(name, revision))
    .setAuthTag(blob.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(blob.subarray(1 + IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}
