import { formatInstant, type Instant, KyokaError } from '@kyoka/kernel';
import { renewSealing } from '@kyoka/permission-store';
import { inTransaction, queryable } from '@kyoka/postgres';
import type { ErasureContext } from './context.js';
import { eachOf } from './each-of.js';
import { putBack } from './put-back.js';
import { reseal, sealedUnder, underNoKey } from './reseal.js';
import { keepResealed, resealedIn } from './resealed-files.js';
import { BEFORE_DESTROYING } from './terms.js';

interface Rotation {
  readonly bucket: number;
  readonly version: number;
}

const AT_ONCE = 64;

/**
 * Buckets that hold somebody who was cleared get a new key each, unless one is on its way. The version
 * is settled in the database before the key is made, so that a crash in between makes no second one.
 */
export async function startRotations(
  { pool, vault }: ErasureContext,
  at: Instant,
): Promise<number> {
  const db = queryable(pool);
  const wanted = await db.query<{ bucket: number; version: string }>(
    `select s.bucket, max(s.key_version) as version from permissions.erasure_subject s
     where s.bucket is not null and not exists (
       select from permissions.bucket_rotation r
       where r.bucket = s.bucket and (r.version > s.key_version or r.state <> 'done'))
     group by s.bucket order by s.bucket limit ${AT_ONCE}`,
  );
  if (wanted.length === 0) return 0;
  await vault.refresh();
  await db.query(
    `insert into permissions.bucket_rotation (bucket, version, state, started_at)
     select n.bucket, n.version, 'making', $3 from unnest($1::integer[], $2::bigint[]) as n (bucket, version)
     on conflict (bucket, version) do nothing`,
    [
      wanted.map(({ bucket }) => bucket),
      wanted.map(({ bucket, version }) =>
        Math.max(vault.bucketVersions(bucket).at(-1) ?? 0, Number(version) + 1),
      ),
      formatInstant(at),
    ],
  );
  return wanted.length;
}

/**
 * Makes the keys of rotations that begin. Once everybody who was sealing has committed, and whoever
 * seals from then on reads the keys again, nothing is sealed under an older key any more.
 */
export async function makeKeys({ pool, vault }: ErasureContext): Promise<number> {
  const making = await inState(queryable(pool), 'making');
  if (making.length === 0) return 0;
  for (const { bucket, version } of making) await vault.addBucketKey(bucket, version);
  await inTransaction(pool, async (tx) => {
    await renewSealing(tx);
    await setState(tx, making, 'resealing');
  });
  return making.length;
}

/**
 * Seals the rest of each bucket again, keeps the rows beside the backups, synced, and only then lets
 * the old key's end be due.
 */
export async function resealBuckets(context: ErasureContext, at: Instant): Promise<number> {
  const db = queryable(context.pool);
  const resealing = await inState(db, 'resealing');
  if (resealing.length > 0) await context.vault.refresh();
  return eachOf(resealing, async (rotation) => {
    const rows = await resealAndKeep(context, rotation);
    await db.query(
      `update permissions.bucket_rotation set state = 'resealed', resealed = $3, destroy_at = $4
       where bucket = $1 and version = $2`,
      [rotation.bucket, rotation.version, rows, formatInstant(at + BEFORE_DESTROYING)],
    );
  });
}

/** Destroys the older keys of buckets whose rows are safe under the new one. */
export async function destroyKeys(context: ErasureContext, at: Instant): Promise<number> {
  const db = queryable(context.pool);
  const due = await db.query<{ bucket: number; version: string }>(
    `select bucket, version from permissions.bucket_rotation
     where state = 'resealed' and destroy_at <= $1 order by bucket, version limit ${AT_ONCE}`,
    [formatInstant(at)],
  );
  return eachOf(due, async ({ bucket, version }) => {
    await context.vault.destroyBucketKeysBefore(bucket, Number(version));
    await db.query(
      `update permissions.bucket_rotation set state = 'done', done_at = $3 where bucket = $1 and version = $2`,
      [bucket, version, formatInstant(at)],
    );
  });
}

/**
 * The file kept before gives way to the new one, so whatever only it can make readable has to be in the
 * table first.
 *
 * @returns how many rows the bucket has now
 * @throws KyokaError `key_missing` while a row of the bucket lies under a key that isn't here
 */
async function resealAndKeep(context: ErasureContext, rotation: Rotation): Promise<number> {
  const { bucket, version } = rotation;
  for (const kept of await resealedIn(context.backupDir)) {
    const opens = context.vault.bucketVersions(bucket).includes(kept.version);
    if (kept.bucket === bucket && kept.version < version && opens)
      await putBack(context, kept.name);
  }
  const closed = await underNoKey(context, bucket);
  if (closed > 0) {
    throw new KyokaError(
      'key_missing',
      `${closed} contact points of bucket ${bucket} lie under keys that are not here: its keys stay as they are`,
    );
  }
  const broken = await reseal(context, bucket, version);
  if (broken > 0) context.onBroken?.(bucket, broken);
  const rows = await sealedUnder(
    queryable(context.pool),
    context.vault.bucketKeyId(bucket, version),
  );
  await keepResealed(context.backupDir, { bucket, version, rows });
  return rows.length;
}

type Db = ReturnType<typeof queryable>;

async function inState(db: Db, state: 'making' | 'resealing'): Promise<Rotation[]> {
  const rows = await db.query<{ bucket: number; version: string }>(
    `select bucket, version from permissions.bucket_rotation where state = $1 order by bucket, version limit ${AT_ONCE}`,
    [state],
  );
  return rows.map(({ bucket, version }) => ({ bucket, version: Number(version) }));
}

async function setState(db: Db, rotations: readonly Rotation[], state: string): Promise<void> {
  await db.query(
    `update permissions.bucket_rotation r set state = $3
     from unnest($1::integer[], $2::bigint[]) as n (bucket, version)
     where (r.bucket, r.version) = (n.bucket, n.version)`,
    [rotations.map(({ bucket }) => bucket), rotations.map(({ version }) => version), state],
  );
}
