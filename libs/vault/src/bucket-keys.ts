import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import { KEY_ID_BYTES, Sealer } from './sealing.js';
import type { WrappedKeys } from './wrapping.js';

export const BUCKET_FORMAT = 1;

/** Bucket keys lie in blobs of this many buckets: few files, and little to write anew when one key goes. */
const BUCKETS_PER_BLOB = 64;
const KEY_BYTES = 32;
/** Bucket (2 bytes), key version (4 bytes), key. */
const RECORD_BYTES = 6 + KEY_BYTES;

interface BucketKey {
  readonly bucket: number;
  readonly version: number;
  readonly bytes: Buffer;
}

/** Makes the first key of each bucket, where there is none yet. */
export async function createBucketKeys(keys: WrappedKeys, buckets: number): Promise<void> {
  for (let first = 0; first < buckets; first += BUCKETS_PER_BLOB) {
    const count = Math.min(BUCKETS_PER_BLOB, buckets - first);
    await keys.ensure(blobName(first), () =>
      encode(
        Array.from({ length: count }, (_, index) => ({
          bucket: first + index,
          version: 1,
          bytes: randomBytes(KEY_BYTES),
        })),
      ),
    );
  }
}

/**
 * The keys of every bucket, in memory. New seals use the newest version; older ones open until they
 * are destroyed.
 */
export class BucketKeys {
  readonly #keys: WrappedKeys;
  readonly #buckets: number;
  readonly #revisions = new Map<string, number>();
  readonly #versions: Map<number, KeyObject>[];
  readonly #sealers: (Sealer | undefined)[] = [];

  private constructor(keys: WrappedKeys, buckets: number) {
    this.#keys = keys;
    this.#buckets = buckets;
    this.#versions = Array.from({ length: buckets }, () => new Map<number, KeyObject>());
  }

  /** @throws KyokaError `key_missing` if a bucket has no key */
  static async load(keys: WrappedKeys, buckets: number): Promise<BucketKeys> {
    const loaded = new BucketKeys(keys, buckets);
    await loaded.refresh();
    return loaded;
  }

  /** Takes over what other processes added or destroyed. @returns whether anything changed */
  async refresh(): Promise<boolean> {
    let changed = false;
    for (let first = 0; first < this.#buckets; first += BUCKETS_PER_BLOB) {
      const name = blobName(first);
      const found = await this.#keys.read(name);
      if (!found) throw new KyokaError('key_missing', `the bucket keys ${name} are missing`);
      if (this.#revisions.get(name) === found.revision) continue;
      this.#take(name, found.revision, decode(found.bytes));
      changed = true;
    }
    return changed;
  }

  sealer(bucket: number): Sealer {
    const sealer = this.#sealers[bucket];
    if (!sealer) throw keyMissing();
    return sealer;
  }

  /** @param keyId as in a sealed value: format, bucket, version */
  key(keyId: Buffer): KeyObject {
    const key = this.#versions[keyId.readUInt16BE(1)]?.get(keyId.readUInt32BE(3));
    if (!key) throw keyMissing();
    return key;
  }

  /** Versions that there are, in their order. */
  versions(bucket: number): number[] {
    return [...(this.#versions[bucket]?.keys() ?? [])].sort((a, b) => a - b);
  }

  /** Makes this version of a bucket's key, unless it or a later one is there. */
  async add(bucket: number, version: number): Promise<void> {
    await this.#change(bucket, (keys) =>
      newestOf(keys, bucket) >= version
        ? undefined
        : [...keys, { bucket, version, bytes: randomBytes(KEY_BYTES) }],
    );
  }

  /** Destroys a bucket's keys before this version, of which there has to be one. */
  async destroyBefore(bucket: number, version: number): Promise<void> {
    await this.#change(bucket, (keys) => {
      if (newestOf(keys, bucket) < version) {
        throw new KyokaError('conflict', 'the newest key of a bucket is in use: add another first');
      }
      const kept = keys.filter((key) => key.bucket !== bucket || key.version >= version);
      return kept.length === keys.length ? undefined : kept;
    });
  }

  /** Several processes may change one blob: whoever stores a revision second reads again. */
  async #change(
    bucket: number,
    edit: (keys: BucketKey[]) => BucketKey[] | undefined,
  ): Promise<void> {
    const name = blobName(bucket);
    for (;;) {
      const found = await this.#keys.read(name);
      if (!found) throw keyMissing();
      const keys = decode(found.bytes);
      const edited = edit(keys);
      if (edited === undefined) return this.#take(name, found.revision, keys);
      const revision = found.revision + 1;
      if (await this.#keys.write(name, revision, encode(edited))) {
        return this.#take(name, revision, edited);
      }
    }
  }

  #take(name: string, revision: number, keys: readonly BucketKey[]): void {
    this.#revisions.set(name, revision);
    for (const [bucket, own] of Map.groupBy(keys, (key) => key.bucket)) {
      const before = this.versions(bucket).at(-1);
      this.#versions[bucket] = new Map(own.map((key) => [key.version, createSecretKey(key.bytes)]));
      const newest = newestOf(own, bucket);
      const key = this.#versions[bucket].get(newest);
      if (newest !== before && key) {
        this.#sealers[bucket] = new Sealer(key, keyIdOf(bucket, newest));
      }
    }
  }
}

function blobName(bucket: number): string {
  return `buckets-${String(Math.floor(bucket / BUCKETS_PER_BLOB)).padStart(2, '0')}`;
}

/** The first bytes of every value sealed under this key: format, bucket, version. */
export function keyIdOf(bucket: number, version: number): Buffer {
  const keyId = Buffer.alloc(KEY_ID_BYTES);
  keyId.writeUInt8(BUCKET_FORMAT, 0);
  keyId.writeUInt16BE(bucket, 1);
  keyId.writeUInt32BE(version, 3);
  return keyId;
}

const newestOf = (keys: readonly BucketKey[], bucket: number): number =>
  Math.max(0, ...keys.filter((key) => key.bucket === bucket).map((key) => key.version));

function encode(keys: readonly BucketKey[]): Buffer {
  return Buffer.concat(
    keys.map(({ bucket, version, bytes }) => {
      const record = Buffer.alloc(RECORD_BYTES);
      record.writeUInt16BE(bucket, 0);
      record.writeUInt32BE(version, 2);
      bytes.copy(record, 6);
      return record;
    }),
  );
}

function decode(blob: Buffer): BucketKey[] {
  return Array.from({ length: blob.length / RECORD_BYTES }, (_, index) => {
    const record = blob.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
    return {
      bucket: record.readUInt16BE(0),
      version: record.readUInt32BE(2),
      bytes: record.subarray(6),
    };
  });
}

function keyMissing(): KyokaError {
  return new KyokaError(
    'key_missing',
    'the key of a sealed value is not here: destroyed, or not yet known',
  );
}
