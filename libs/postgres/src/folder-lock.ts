import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KyokaError } from '@kyoka/kernel';

export interface FolderLock {
  release(): Promise<void>;
}

export interface FolderUse {
  /** What the folder is, in words, and the setting that names it. */
  readonly what: string;
  readonly field: string;
}

const DATA_FOLDER: FolderUse = { what: 'this data folder', field: 'KYOKA_DATA_DIR' };

/**
 * Takes the folder for this process until it releases it or ends, however it ends: the lock is one of
 * the operating system, so nothing stale stays behind and no process id can be mistaken. Node has no
 * call for such a lock; SQLite, which Node carries, takes one for an exclusive transaction.
 *
 * @throws KyokaError `already_running` when another process (or this one) holds it, `config_invalid`
 *   when the folder can't be written
 */
export async function lockFolder(
  folder: string,
  { what, field }: FolderUse = DATA_FOLDER,
): Promise<FolderLock> {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (fault) {
    lock?.close();
    throw isBusy(fault)
      ? new KyokaError('already_running', `another Kyoka uses ${what}: stop it, or choose another`)
      : new KyokaError('config_invalid', `${field} cannot be used`, {
          faults: [{ field, expected: 'a folder that this user may write' }],
        });
  }
  const held = lock;
  return { release: async () => held.close() };
}

/** SQLITE_BUSY: somebody else holds the lock. */
function isBusy(fault: unknown): boolean {
  return (fault as { errcode?: unknown }).errcode === 5;
}
