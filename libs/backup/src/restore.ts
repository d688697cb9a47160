import { basename, dirname } from 'node:path';
import { applyErasures, resealedIn, type Restored } from '@kyoka/erasure';
import { catchUpWithJournal } from '@kyoka/intake';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { bindVault } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { isMigrated } from '@kyoka/schema';
import { copyKeys, type Vault } from '@kyoka/vault';
import { copyFiles, namesIn } from './files.js';
import { isOver } from './keys.js';
import { loadDatabase, requireWhole } from './load.js';
import { type Manifest, readManifest, requireOwn } from './manifest.js';

export interface RestorePlan {
  /** The backup's own folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Folder of the backups, where the re-sealed rows of later erasures lie. */
  readonly backupDir: string;
}

/**
 * Looks at a backup before anything is touched: it is whole, made under these keys, and every value in
 * it opens under them, or does so once the re-sealed rows beside it are applied.
 *
 * @param folder of one backup; the re-sealed rows lie beside it, or in `backupDir`
 * @throws KyokaError `seal_broken`, `key_missing`, `not_found`
 */
export async function planRestore(
  folder: string,
  vault: Pick<Vault, 'id' | 'mac' | 'bucketVersions'>,
  backupDir: string,
): Promise<RestorePlan> {
  const own = await readManifest(folder);
  requireOwn(own, vault);
  await requireWhole(folder, own.manifest);
  const beside = dirname(folder);
  const resealedAt = (await resealedIn(beside)).length > 0 ? beside : backupDir;
  const resealed = await resealedIn(resealedAt);
  const closed = own.manifest.keys.filter(({ bucket, version }) => {
    const here = vault.bucketVersions(bucket);
    return (
      !here.includes(version) &&
      !resealed.some((one) => one.bucket === bucket && here.includes(one.version))
    );
  });
  if (closed.length > 0) {
    const rows = closed.reduce((sum, one) => sum + one.rows, 0);
    throw new KyokaError(
      'key_missing',
      `these keys open nothing of ${closed.length} buckets (${rows} contact points): they are older than the backup, or the re-sealed rows beside it are missing`,
    );
  }
  return { folder, manifest: own.manifest, backupDir: resealedAt };
}

/**
 * Puts a copy of the keys into an empty key folder.
 *
 * @param set one `keys-MOMENT` folder
 * @throws KyokaError `conflict` if there are keys; `key_missing` for a set past its 14 days
 */
export async function restoreKeys(set: string, keyDir: string, now: number): Promise<number> {
  if ((await namesIn(keyDir)).length > 0) {
    throw new KyokaError('conflict', 'there are keys already: leave --keys out to use them');
  }
  if (isOver(basename(set), now)) {
    throw new KyokaError(
      'key_missing',
      'this copy of the keys is older than 14 days: it has to be destroyed',
    );
  }
  return copyKeys(set, keyDir);
}

export interface RestoreTarget {
  /** Address of the owner of an empty database. */
  readonly url: string;
  readonly vault: Vault;
  readonly journalDir: string;
  readonly checkpointDirs: readonly string[];
  readonly parkedDays: number;
  readonly clock: Clock;
}

export interface RestoreReport extends Restored {
  readonly madeAt: string;
  readonly loaded: number;
  /** Stops of the journal that came after the backup. */
  readonly stops: number;
  /** Whether the journal was there; where it was lost, that of the backup stands in its place. */
  readonly journal: 'kept' | 'from_backup';
  readonly checkpoints: 'kept' | 'from_backup';
}

/**
 * Fills an empty database with a backup and brings it to what must be true before anything is released:
 * the stops of the journal, and the erasures that came after it.
 *
 * @throws KyokaError `conflict` if the database isn't empty
 */
export async function restoreDatabase(
  { folder, manifest, backupDir }: RestorePlan,
  target: RestoreTarget,
): Promise<RestoreReport> {
  const { url, vault, clock, parkedDays, journalDir, checkpointDirs } = target;
  if (await isMigrated(url)) {
    throw new KyokaError('conflict', 'the database is not empty: a backup goes into an empty one');
  }
  const loaded = await loadDatabase(url, folder, manifest);
  const journal = await unlessThere(`${folder}/journal`, [journalDir]);
  const checkpoints = await unlessThere(`${folder}/checkpoints-`, checkpointDirs);
  const pool = await openPool(url, {
    role: 'kyoka_permissions',
    max: 4,
    applicationName: 'kyoka restore',
    statementTimeoutMs: 0,
  });
  try {
    await bindVault(queryable(pool), vault.id);
    const stops = await catchUpWithJournal({ pool, dir: journalDir, clock });
    const restored = await applyErasures({ pool, vault, backupDir, parkedDays }, clock());
    return { madeAt: manifest.madeAt, loaded, stops, journal, checkpoints, ...restored };
  } finally {
    await pool.destroy();
  }
}

/** Copies what lies in the backup into folders that are empty. */
async function unlessThere(
  from: string,
  folders: readonly string[],
): Promise<'kept' | 'from_backup'> {
  const names = await Promise.all(folders.map((folder) => namesIn(folder)));
  if (names.some((some) => some.length > 0)) return 'kept';
  for (const [index, folder] of folders.entries()) {
    await copyFiles(folders.length === 1 ? from : `${from}${index + 1}`, folder);
  }
  return 'from_backup';
}
