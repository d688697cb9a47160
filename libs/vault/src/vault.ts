import { createHmac, createSecretKey, hash, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import type { ContactKind } from '@kyoka/kernel';
import { BUCKET_FORMAT, BucketKeys, createBucketKeys, keyIdOf } from './bucket-keys.js';
import { checkpointSigner, makeSigningKey } from './checkpoint-signer.js';
import type { CheckpointSigner } from './checkpoint-signer.js';
import { DatedKeys } from './dated-keys.js';
import type { KeyStore } from './key-store.js';
import { folderPublishers } from './folder-publishers.js';
import type { FolderPublishers } from './folder-publishers.js';
import { storedSecrets } from './stored-secrets.js';
import type { StoredSecrets } from './stored-secrets.js';
import { bindingOf, Opener, sealBroken } from './sealing.js';
import { wrapKeys } from './wrapping.js';
import type { WrappedKeys } from './wrapping.js';

/** What a sealed value belongs to; it opens for nothing else. */
export interface SealBind {
  /** Subject id. It also chooses the bucket. */
  readonly subject: string;
  readonly field: string;
}

export interface Vault extends StoredSecrets {
  /** Random, made with the keys. Data sealed or looked up under one vault is of no use under another. */
  readonly id: string;
  /** Number of buckets, fixed when the keys were made. */
  readonly buckets: number;
  /** The keyed token by which a contact value is looked up: HMAC-SHA256, 32 bytes. */
  token(kind: ContactKind, value: string): Buffer;
  /** A keyed digest for another use (digests of events, of the sandbox's journal): HMAC-SHA256, 32 bytes. */
  mac(domain: string, bytes: Uint8Array | string): Buffer;
  /** A secret derived for one use: 32 bytes, the same each time. */
  secret(name: string): Buffer;
  /** 0 to `buckets` - 1; the same for a subject always. */
  bucketOf(subject: string): number;
  /** AES-256-GCM under the newest key of the subject's bucket; 43 bytes longer than the UTF-8 text. */
  seal(plain: string, bind: SealBind): Buffer;
  /**
   * @throws KyokaError `seal_broken` if the value was changed or belongs to another subject or field;
   *   `key_missing` if its key was destroyed, or another process made it since the last `refresh`
   */
  open(sealed: Buffer, bind: SealBind): string;
  /** Seals what was parked on a day (Asia/Tokyo, `YYYY-MM-DD`), under that day's key; `bind` is the id of its row. */
  sealParked(bytes: Buffer, day: string, bind: string): Promise<Buffer>;
  /** @throws KyokaError `seal_broken`, or `key_missing` once the day's key was destroyed */
  openParked(sealed: Buffer, bind: string): Promise<Buffer>;
  /** Destroys the keys of the days before `day`. @returns these days */
  destroyDatedKeys(day: string): Promise<string[]>;
  /** The versions of a bucket's key that are here, in their order; the last one seals. */
  bucketVersions(bucket: number): number[];
  /** The first seven bytes of whatever is sealed under this version of a bucket's key. */
  bucketKeyId(bucket: number, version: number): Buffer;
  /** Makes this version of a bucket's key, for new seals, unless it is there; older ones still open. */
  addBucketKey(bucket: number, version: number): Promise<void>;
  /**
   * Destroys the versions before this one: what is sealed under them can't be opened again, here or
   * in any copy. Another process opens it until its next `refresh`.
   *
   * @throws KyokaError `conflict` if there is no such version yet
   */
  destroyBucketKeysBefore(bucket: number, version: number): Promise<void>;
  /**
   * Takes over what other processes made and destroyed.
   *
   * @param generation of the keys as the database counts it; nothing is done if it was seen already
   */
  refresh(generation?: string): Promise<void>;
  readonly folderPublishers: FolderPublishers;
  readonly checkpointSigner: CheckpointSigner;
}

const BUCKETS = 1_024;
const MARKER = 'vault';

/**
 * Makes what a vault needs. Safe to run at the same time in several processes, and again after a
 * crash: the marker is written last, and only a store without it is completed.
 */
export async function createVaultKeys(store: KeyStore, kek: Buffer): Promise<void> {
  const keys = wrapKeys(store, kek);
  if (await keys.read(MARKER)) return;
  await keys.ensure('root', () => randomBytes(32));
  await keys.ensure('token', () => randomBytes(32));
  await keys.ensure('checkpoint-signer', makeSigningKey);
  await createBucketKeys(keys, BUCKETS);
  const marker = { id: randomBytes(16).toString('hex'), buckets: BUCKETS };
  await keys.ensure(MARKER, () => Buffer.from(JSON.stringify(marker)));
}

/**
 * @throws KyokaError `key_missing` if a key isn't there. Keys are never made anew beside the marker:
 *   a new token key would make every kept stop unfindable
 */
export async function loadVault(store: KeyStore, kek: Buffer): Promise<Vault> {
  const keys = wrapKeys(store, kek);
  const marker = JSON.parse((await required(keys, MARKER)).toString()) as {
    id: string;
    buckets: number;
  };
  const root = await required(keys, 'root');
  const tokenKey = createSecretKey(await required(keys, 'token'));
  const signer = checkpointSigner(await required(keys, 'checkpoint-signer'));
  const bucketKeys = await BucketKeys.load(keys, marker.buckets);
  const dated = new DatedKeys(keys);
  const opener = new Opener();
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', root, '', info, 32));
  const macKey = createSecretKey(derive('kyoka mac v1'));
  const keyOf = (keyId: Buffer): KeyObject => bucketKeys.key(keyId);

  const bucketOf = (subject: string): number =>
    hash('sha256', subject, 'buffer').readUInt32BE(0) % marker.buckets;

  let seen: string | undefined;
  let refreshing: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    if (await bucketKeys.refresh()) opener.forget();
  };

  return {
    id: marker.id,
    buckets: marker.buckets,
    bucketOf,
    token: (kind, value) =>
      createHmac('sha256', tokenKey).update(`kyoka contact token v1\0${kind}\0${value}`).digest(),
    mac: (domain, bytes) =>
      createHmac('sha256', macKey).update(bindingOf(domain)).update(bytes).digest(),
    secret: (name) => derive(`kyoka secret v1 ${name}`),
    seal: (plain, { subject, field }) =>
      bucketKeys.sealer(bucketOf(subject)).seal(Buffer.from(plain), bindingOf(subject, field)),
    open(sealed, { subject, field }) {
      if (sealed[0] !== BUCKET_FORMAT) throw sealBroken();
      return opener.open(sealed, bindingOf(subject, field), keyOf).toString();
    },
    sealParked: (bytes, day, bind) => dated.seal(bytes, day, bind),
    openParked: (sealed, bind) => dated.open(sealed, bind),
    destroyDatedKeys: (day) => dated.destroyBefore(day),
    bucketVersions: (bucket) => bucketKeys.versions(bucket),
    bucketKeyId: keyIdOf,
    addBucketKey: (bucket, version) => bucketKeys.add(bucket, version),
    async destroyBucketKeysBefore(bucket, version) {
      await bucketKeys.destroyBefore(bucket, version);
      opener.forget();
    },
    async refresh(generation) {
      if (generation !== undefined) {
        if (generation === seen) return;
        // Not one that is under way: it may have read before this generation was counted.
        await refresh();
        seen = generation;
        return;
      }
      refreshing ??= refresh().finally(() => (refreshing = undefined));
      await refreshing;
    },
    ...storedSecrets(derive('kyoka stored secrets v1')),
    folderPublishers: folderPublishers(keys),
    checkpointSigner: signer,
  };
}

async function required(keys: WrappedKeys, name: string): Promise<Buffer> {
  const found = await keys.read(name);
  if (!found) throw new KyokaError('key_missing', `the key ${name} is missing from the key store`);
  return found.bytes;
}
