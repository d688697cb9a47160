import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { planRestore, restoreDatabase, restoreKeys, setIn } from '@kyoka/backup';
import type { Settings } from '@kyoka/config';
import { type Clock, KyokaError } from '@kyoka/kernel';
import { EMBEDDED_PASSWORD, lockFolder, startEmbedded } from '@kyoka/postgres';
import { openVault, type Vault } from '@kyoka/vault';
import { ANSWERED, type Surroundings } from '../lines/surroundings.js';
import { withChains } from '../verify/chains.js';
import { verify } from '../verify/verify.js';

export interface RestoreSources {
  /** A backup of the database, or a folder of them: the newest. */
  readonly from: string;
  /** A copy of the keys, or a folder of them; without it, the keys that are there. */
  readonly keys?: string | undefined;
  /** Credentials, switches and audiences of the backup go on. */
  readonly keepRights?: boolean | undefined;
}

/**
 * `kyoka restore`: puts a backup into an empty database (that of `DATABASE_URL`, or a new embedded one),
 * with the stops and erasures that came after it. Nothing is touched before the backup was found whole
 * and readable under the keys. The last line is the report, with what the chains say.
 */
export async function restoreCommand(
  settings: Settings,
  { from, keys, keepRights }: RestoreSources,
  clock: Clock,
  { write, tell }: Pick<Surroundings, 'write' | 'tell'>,
): Promise<number> {
  const { keyDir, dataDir, kek, backupDir, journalDir, checkpointDirs, parkedDays } = settings;
  const folder = await setIn(from, 'database');
  await requireRoom(settings);
  const set = keys === undefined ? undefined : await setIn(keys, 'keys');
  tell(`looking at ${folder}`);
  const plan = await planRestore(
    folder,
    await openVault({ keyDir: set ?? keyDir, dataDir, kek }),
    backupDir,
  );
  if (set !== undefined) await restoreKeys(set, keyDir, clock());
  const vault = await openVault({ keyDir, dataDir, kek });
  tell('loading it');
  const report = await onEmptyDatabase(settings, vault, async (url) => {
    const target = { url, vault, journalDir, checkpointDirs, parkedDays, clock, keepRights };
    const restored = await restoreDatabase(plan, target);
    tell('verifying the chains');
    return { ...restored, evidence: await withChains(url, (chains) => verify(chains, settings)) };
  });
  write(JSON.stringify(report));
  return ANSWERED;
}

/** A database in the data folder may be one whose restore was cut off; that one has its keys. */
async function requireRoom({ databaseUrl, dataDir, keyDir }: Settings): Promise<void> {
  if (databaseUrl !== undefined || !existsSync(join(dataDir, 'postgres'))) return;
  const keys = await readdir(keyDir).catch(() => []);
  if (keys.length > 0) return;
  throw new KyokaError(
    'conflict',
    'there is a database in the data folder: a backup goes into an empty one',
  );
}

async function onEmptyDatabase<T>(
  { databaseUrl, dataDir }: Settings,
  vault: Vault,
  work: (url: string) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return work(databaseUrl);
  const lock = await lockFolder(dataDir);
  try {
    const password = vault.secret(EMBEDDED_PASSWORD).toString('base64url');
    const server = await startEmbedded({ dataDir, password });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}
