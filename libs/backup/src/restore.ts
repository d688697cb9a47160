import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { applyErasures, resealedIn, type Restored } from '@kyoka/erasure';
import { catchUpWithJournal } from '@kyoka/intake';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { bindVault } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { migrate } from '@kyoka/schema';
import { copyKeys, type Vault } from '@kyoka/vault';
import { endAudiences, type UnsureList } from './end-audiences.js';
import { type EndedRights, endRights } from './end-rights.js';
import { namesIn } from './files.js';
import { isOver } from './keys.js';
import { loadDatabase, requireWhole } from './load.js';
import { type Manifest, readManifest, requireOwn } from './manifest.js';
import { beginRestore, endRestore, noteLoaded, type Source } from './progress.js';

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
 * Puts a copy of the keys into an empty key folder, or goes on with a copying that was cut off.
 *
 * @param set one `keys-MOMENT` folder
 * @throws KyokaError `conflict` if there are other keys; `key_missing` for a set past its 14 days
 */
export async function restoreKeys(set: string, keyDir: string, now: number): Promise<number> {
  if (isOver(basename(set), now)) {
    throw new KyokaError(
      'key_missing',
      'this copy of the keys is older than 14 days: it has to be destroyed',
    );
  }
  if (!(await holdsOnlyOf(set, keyDir))) {
    throw new KyokaError('conflict', 'there are keys already: leave --keys out to use them');
  }
  return copyKeys(set, keyDir);
}

/** Whether a key folder holds nothing but files of this set: a copying that was cut off goes on. */
async function holdsOnlyOf(set: string, keyDir: string): Promise<boolean> {
  for (const name of await namesIn(keyDir)) {
    const path = join(keyDir, name);
    if (name.startsWith('.') || !(await stat(path)).isFile()) continue;
    const there = await readFile(join(set, name)).catch(() => undefined);
    if (there?.equals(await readFile(path)) !== true) return false;
  }
  return true;
}

export interface RestoreTarget {
  /** Address of the owner of an empty database. */
  readonly url: string;
  readonly vault: Vault;
  readonly journalDir: string;
  readonly checkpointDirs: readonly string[];
  readonly parkedDays: number;
  readonly clock: Clock;
  /**
   * Credentials, switches and audiences of the backup go on: nobody changed anything since. Without it
   * they end, since some may have been revoked or switched off, and people added to lists.
   */
  readonly keepRights?: boolean | undefined;
}

export interface RestoreReport extends Restored {
  readonly madeAt: string;
  readonly loaded: number;
  /** Stops of the journal that came after the backup. */
  readonly stops: number;
  /** Whether the journal was there; where it was lost, that of the backup stands in its place. */
  readonly journal: Source;
  readonly checkpoints: Source;
  /** What was ended because nobody knows what became of it since the backup. */
  readonly ended: EndedRights | 'kept';
  /** Lists that have to be deleted at their networks; of networks' lists made since the backup nothing is known. */
  readonly lists: readonly UnsureList[];
}

/**
 * Fills an empty database with a backup and brings it to what must be true before anything is released:
 * the stops of the journal, and the erasures that came after it. No service starts on it before that;
 * a restore that was cut off is taken up where it stood.
 *
 * @throws KyokaError `conflict` if the database isn't empty, or the restore of another backup began in it
 */
export async function restoreDatabase(
  { folder, manifest, backupDir }: RestorePlan,
  target: RestoreTarget,
): Promise<RestoreReport> {
  const { url, vault, clock, parkedDays, journalDir, checkpointDirs } = target;
  const begun = await beginRestore(url, manifest, {
    journal: await sourceOf([journalDir]),
    checkpoints: await sourceOf(checkpointDirs),
  });
  const { journal, checkpoints } = begun;
  const loaded = begun.loaded ?? (await loadDatabase(url, folder, manifest, noteLoaded));
  await migrate(url);
  if (journal === 'from_backup') await takeCopies({ folder, manifest }, 'journal', journalDir);
  if (checkpoints === 'from_backup') {
    for (const [index, dir] of checkpointDirs.entries()) {
      await takeCopies({ folder, manifest }, `checkpoints-${index + 1}`, dir);
    }
  }
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
    const { ended, lists } = await endRestore(
      url,
      async (tx): Promise<Pick<RestoreReport, 'ended' | 'lists'>> =>
        target.keepRights
          ? { ended: 'kept', lists: [] }
          : {
              ended: await endRights(tx, journal, clock()),
              lists: await endAudiences(tx, clock()),
            },
    );
    return {
      ended,
      lists,
      madeAt: manifest.madeAt,
      loaded,
      stops,
      journal,
      checkpoints,
      ...restored,
    };
  } finally {
    await pool.destroy();
  }
}

/** Only what the manifest vouches for: a file that was put beside them is nobody's stop. */
async function takeCopies(
  { folder, manifest }: Pick<RestorePlan, 'folder' | 'manifest'>,
  part: string,
  to: string,
): Promise<void> {
  const names = manifest.copies.map(({ name }) => name).filter((name) => dirname(name) === part);
  if (names.length > 0) await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await copyFile(join(folder, name), join(to, basename(name)));
}

/** What is there is newer than the copy in any backup. */
async function sourceOf(folders: readonly string[]): Promise<Source> {
  const names = await Promise.all(folders.map((folder) => namesIn(folder)));
  return names.some((some) => some.length > 0) ? 'kept' : 'from_backup';
}
