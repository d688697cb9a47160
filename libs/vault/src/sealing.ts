import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  randomFillSync,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';

/*
 * A sealed value:
 *
 *   offset 0   format, 1 byte: 1 bucket key, 2 dated key, 3 stored secret
 *          1   key id, 6 bytes: bucket (2) and key version (4), or the day as a number (6), or 3 each
 *          7   salt, 8 bytes: with the key it gives the data key
 *         15   IV, 12 random bytes
 *         27   ciphertext, then the tag, 16 bytes
 *
 * Associated data: the first 15 bytes, then the binding.
 */
export const KEY_ID_BYTES = 7;
const HEADER_BYTES = 15;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-GCM with random IVs is sound for 2^32 values under one key (NIST SP 800-38D §8.3). A data key
 * is left long before, and also whenever a process starts, so nothing has to be counted on disk.
 */
const USES_PER_DATA_KEY = 2 ** 31;
const CACHED_DATA_KEYS = 16_384;

function dataKey(key: KeyObject, salt: Buffer): KeyObject {
  return createSecretKey(
    createHmac('sha256', key).update('kyoka data key v1').update(salt).digest(),
  );
}

/** Seals under one key. Holds the data key in use and counts its uses. */
export class Sealer {
  readonly #key: KeyObject;
  readonly #keyId: Buffer;
  readonly #usesPerDataKey: number;
  #header: Buffer = Buffer.alloc(0);
  #dataKey: KeyObject | undefined;
  #uses = 0;

  /** @param keyId format and key id, {@link KEY_ID_BYTES} bytes */
  constructor(key: KeyObject, keyId: Buffer, usesPerDataKey = USES_PER_DATA_KEY) {
    this.#key = key;
    this.#keyId = keyId;
    this.#usesPerDataKey = usesPerDataKey;
  }

  seal(plain: Buffer, binding: Buffer): Buffer {
    const key = this.#currentKey();
    const iv = nextIv();
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(
      Buffer.concat([this.#header, binding]),
    );
    const text = cipher.update(plain);
    return Buffer.concat([this.#header, iv, text, cipher.final(), cipher.getAuthTag()]);
  }

  #currentKey(): KeyObject {
    if (!this.#dataKey || this.#uses >= this.#usesPerDataKey) {
      const salt = randomBytes(HEADER_BYTES - KEY_ID_BYTES);
      this.#header = Buffer.concat([this.#keyId, salt]);
      this.#dataKey = dataKey(this.#key, salt);
      this.#uses = 0;
    }
    this.#uses += 1;
    return this.#dataKey;
  }
}

/** Opens sealed values; keeps the data keys used last. */
export class Opener {
  readonly #dataKeys = new Map<string, KeyObject>();

  /**
   * @param keyOf the key that the key id (format included) names
   * @throws KyokaError `seal_broken` if the value isn't one sealed under that key with this binding
   */
  open(sealed: Buffer, binding: Buffer, keyOf: (keyId: Buffer) => KeyObject): Buffer {
    if (sealed.length < HEADER_BYTES + IV_BYTES + TAG_BYTES) throw sealBroken();
    const header = sealed.subarray(0, HEADER_BYTES);
    const iv = sealed.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#dataKeyOf(header, keyOf), iv, {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.concat([header, binding]))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(HEADER_BYTES + IV_BYTES, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw sealBroken();
    }
    return text;
  }

  /** Forgets every data key: needed once a key is destroyed. */
  forget(): void {
    this.#dataKeys.clear();
  }

  #dataKeyOf(header: Buffer, keyOf: (keyId: Buffer) => KeyObject): KeyObject {
    const id = header.toString('latin1');
    const cached = this.#dataKeys.get(id);
    if (cached) return cached;
    const made = dataKey(keyOf(header.subarray(0, KEY_ID_BYTES)), header.subarray(KEY_ID_BYTES));
    if (this.#dataKeys.size >= CACHED_DATA_KEYS) {
      const [oldest] = this.#dataKeys.keys();
      if (oldest !== undefined) this.#dataKeys.delete(oldest);
    }
    this.#dataKeys.set(id, made);
    return made;
  }
}

export function sealBroken(): KyokaError {
  return new KyokaError('seal_broken', 'a sealed value was changed, or belongs somewhere else');
}

/** Texts as one binding that no other texts give: each preceded by its length in bytes, 32 bits. */
export function bindingOf(...texts: string[]): Buffer {
  const length = texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0);
  const binding = Buffer.alloc(length);
  let offset = 0;
  for (const text of texts) {
    const written = binding.write(text, offset + 4);
    offset = binding.writeUInt32BE(written, offset) + written;
  }
  return binding;
}

const random = { bytes: Buffer.alloc(IV_BYTES * 512), used: IV_BYTES * 512 };

/** Random bytes drawn many at a time; each is given out once. The caller copies them before the next call. */
function nextIv(): Buffer {
  if (random.used === random.bytes.length) {
    randomFillSync(random.bytes);
    random.used = 0;
  }
  random.used += IV_BYTES;
  return random.bytes.subarray(random.used - IV_BYTES, random.used);
}
