import { randomBytes } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BACKUP_DAYS } from '@kyoka/erasure';
import { DAY, HOUR, type Instant, KyokaError } from '@kyoka/kernel';
import { copyKeys, destroyKeySet } from '@kyoka/vault';
import { momentIn, namesIn, stampOf, syncFolder } from './files.js';

/** A whole set. One that is being copied has another name until every file of it is there. */
export const KEY_SET = /^keys-\d{8}T\d{6}Z$/;

/** `.keys-MOMENT.RANDOM`: a set that is being copied, or whose copying was cut off. */
export const KEY_DRAFT = /^\.(keys-\d{8}T\d{6}Z)\.[0-9a-f]{12}$/;

/** Copying takes seconds: a draft older than this was left by a kill. */
const DRAFT_MAY_TAKE = HOUR;

export interface KeyBackupReport {
  readonly folder: string;
  readonly files: number;
  /** Sets that were too old, and are gone. */
  readonly destroyed: readonly string[];
}

/**
 * Copies the keys into a set of their own, `DIR/keys-MOMENT`, and destroys sets older than 14 days. The
 * set has its name only once it is whole and synced.
 *
 * @throws KyokaError `conflict` if a set of this second is there already
 */
export async function backupKeys(
  keyDir: string,
  dir: string,
  at: Instant,
): Promise<KeyBackupReport> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const name = `keys-${stampOf(at)}`;
  const folder = join(dir, name);
  const draft = join(dir, `.${name}.${randomBytes(6).toString('hex')}`);
  let files: number;
  try {
    files = await copyKeys(keyDir, draft);
    await rename(draft, folder);
  } catch (fault) {
    await destroyKeySet(draft);
    throw isTaken(fault) ? new KyokaError('conflict', 'a copy was made this very second') : fault;
  }
  await syncFolder(dir);
  return { folder, files, destroyed: await pruneKeySets(dir, at) };
}

/**
 * Destroys the sets of keys in `dir` that are older than 14 days, and what a copying that was cut off has
 * left: a copy of a key that erasure destroyed must not outlive the day that its receipt names
 * (design §2.7). Safe beside `backupKeys` and beside itself: a set under way is younger than any that goes.
 *
 * @returns the names of those that are gone; none where there is no such folder
 */
export async function pruneKeySets(dir: string, at: Instant): Promise<string[]> {
  const over = (await namesIn(dir)).filter((name) => {
    if (KEY_SET.test(name)) return isOver(name, at);
    const [, set] = KEY_DRAFT.exec(name) ?? [];
    return set !== undefined && (momentIn(set) ?? at) + DRAFT_MAY_TAKE < at;
  });
  for (const name of over) await destroyKeySet(join(dir, name));
  if (over.length > 0) await syncFolder(dir);
  return over;
}

/** Whether a set of keys is past its term. */
export function isOver(name: string, at: Instant): boolean {
  const made = momentIn(name);
  return made !== undefined && made + KEY_BACKUP_DAYS * DAY < at;
}

function isTaken(fault: unknown): boolean {
  return (
    fault instanceof Error &&
    'code' in fault &&
    (fault.code === 'ENOTEMPTY' || fault.code === 'EEXIST')
  );
}
