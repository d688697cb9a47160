import { backupDatabase, backupKeys, requireApart } from '@kyoka/backup';
import type { Settings } from '@kyoka/config';
import type { Clock } from '@kyoka/kernel';
import { openVault } from '@kyoka/vault';
import { ANSWERED } from '../lines/surroundings.js';
import { withDatabase } from '../control/own-database.js';

type Write = (line: string) => void;

/** `kyoka backup`: the database as it is at one moment, in a new folder of `dir`. It holds no key. */
export async function backupCommand(
  settings: Settings,
  dir: string,
  clock: Clock,
  write: Write,
): Promise<number> {
  const { keyDir, dataDir, kek, checkpointDirs, journalDir } = settings;
  await requireApart(dir, { holds: 'database', away: [keyDir, dataDir] });
  const vault = await openVault({ keyDir, dataDir, kek });
  const report = await withDatabase(settings, (url) =>
    backupDatabase(dir, { url, vault, checkpointDirs, journalDir }, clock()),
  );
  write(JSON.stringify(report));
  return ANSWERED;
}

/** `kyoka backup keys`: the keys as a set of their own; sets older than 14 days are destroyed. */
export async function backupKeysCommand(
  { keyDir, dataDir, backupDir }: Settings,
  dir: string,
  clock: Clock,
  write: Write,
): Promise<number> {
  await requireApart(dir, { holds: 'keys', away: [dataDir, backupDir, keyDir] });
  write(JSON.stringify(await backupKeys(keyDir, dir, clock())));
  return ANSWERED;
}
