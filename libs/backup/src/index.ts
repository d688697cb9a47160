export { backupDatabase, type BackupReport, type BackupSources } from './dump.js';
export { backupKeys, type KeyBackupReport, pruneKeySets } from './keys.js';
export { requireApart, setIn } from './places.js';
export {
  planRestore,
  restoreDatabase,
  restoreKeys,
  type RestorePlan,
  type RestoreReport,
  type RestoreTarget,
} from './restore.js';
