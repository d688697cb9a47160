import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FieldFault } from '@kyoka/kernel';

/** The folders of a process, absolute. */
export interface Folders {
  readonly dataDir: string;
  readonly keyDir: string;
  readonly journalDir: string;
  readonly backupDir: string;
  readonly keyBackupDir?: string | undefined;
  readonly sandboxDir: string;
  readonly checkpointDirs: readonly [string, string];
}

/**
 * What is wrong with where the folders lie. A copy of the data folder (a backup, a leaked disk) must
 * hold neither keys, nor the journal and the checkpoints that prove it complete; whoever holds the keys
 * must not hold the data by that. Links are followed, also where a folder isn't made yet.
 */
export function misplacedFolders(folders: Folders): FieldFault[] {
  const at = (path: string) => realPath(resolve(path));
  const data = at(folders.dataDir);
  const keys = at(folders.keyDir);
  const [first, second] = folders.checkpointDirs.map(at);
  const outsideData: [string, readonly string[]][] = [
    ['KYOKA_KEY_DIR', [keys]],
    ['KYOKA_JOURNAL_DIR', [at(folders.journalDir)]],
    ['KYOKA_BACKUP_DIR', [at(folders.backupDir)]],
    ['KYOKA_SANDBOX_DIR', [at(folders.sandboxDir)]],
    ['KYOKA_CHECKPOINT_DIRS', [first ?? '', second ?? '']],
  ];
  const faults = outsideData
    .filter(([, paths]) => paths.some((path) => isWithin(path, data)))
    .map(([field]) => ({ field, expected: 'a path outside KYOKA_DATA_DIR' }));
  if (isWithin(data, keys)) {
    faults.push({ field: 'KYOKA_DATA_DIR', expected: 'a path outside KYOKA_KEY_DIR' });
  }
  const backups = at(folders.backupDir);
  if (isWithin(backups, keys) || isWithin(keys, backups)) {
    faults.push({ field: 'KYOKA_BACKUP_DIR', expected: 'a path apart from KYOKA_KEY_DIR' });
  }
  if (folders.keyBackupDir !== undefined) {
    const copies = at(folders.keyBackupDir);
    if ([data, backups, keys].some((path) => isWithin(copies, path) || isWithin(path, copies))) {
      const expected = 'a path apart from KYOKA_DATA_DIR, KYOKA_BACKUP_DIR and KYOKA_KEY_DIR';
      faults.push({ field: 'KYOKA_KEY_BACKUP_DIR', expected });
    }
  }
  if (first === second) {
    faults.push({ field: 'KYOKA_CHECKPOINT_DIRS', expected: 'two different folders' });
  }
  return faults;
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/** The path without links; what isn't there yet is taken as it is named. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
