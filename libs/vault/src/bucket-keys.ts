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

/** The keys of every bucket, in memory. New seals use the newest version; older ones open. */
export class BucketKeys {
  readonly #versions: Map<number, KeyObject>[];
  readonly #sealers: Sealer[];

  private constructor(versions: Map<number, KeyObject>[], sealers: Sealer[]) {
    this.#versions = versions;
    this.#sealers = sealers;
  }

  /** @throws KyokaError `key_missing` if a bucket has no key */
  static async load(keys: WrappedKeys, buckets: number): Promise<BucketKeys> {
    const versions = Array.from({ length: buckets }, () => new Map<number, KeyObject>());
    for (let first = 0; first < buckets; first += BUCKETS_PER_BLOB) {
      const name = blobName(first);
      const found = await keys.read(name);
      if (!found) throw new KyokaError('key_missing', `the bucket keys ${name} are missing`);
      for (const { bucket, version, bytes } of decode(found.bytes)) {
        versions[bucket]?.set(version, createSecretKey(bytes));
      }
    }
    const sealers = versions.map((own, bucket) => {
      const newest = Math.max(...own.keys());
      const key = own.get(newest);
      if (key === undefined) throw keyMissing();
      return new Sealer(key, keyIdOf(bucket, newest));
    });
    return new BucketKeys(versions, sealers);
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
}

function blobName(bucket: number): string {
  return `buckets-${String(Math.floor(bucket / BUCKETS_PER_BLOB)).padStart(2, '0')}`;
}

function keyIdOf(bucket: number, version: number): Buffer {
  const keyId = Buffer.alloc(KEY_ID_BYTES);
  keyId.writeUInt8(BUCKET_FORMAT, 0);
  keyId.writeUInt16BE(bucket, 1);
  keyId.writeUInt32BE(version, 3);
  return keyId;
}

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
  return new KyokaError('key_missing', 'the key of a sealed value is not here');
}
