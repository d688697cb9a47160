import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@kyoka/config';
import { KyokaError } from '@kyoka/kernel';
import { EMBEDDED_PASSWORD, lockFolder, runningEmbedded, startEmbedded } from '@kyoka/postgres';
import { openVault } from '@kyoka/vault';

/**
 * Works on the database of these settings: the one of `DATABASE_URL`, the embedded one of a running
 * service, or the embedded one of a stopped service, which is started for the time of the work.
 *
 * @throws KyokaError `not_found` where there is none yet
 */
export async function withDatabase<T>(
  settings: Settings,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir, keyDir, kek } = settings;
  if (databaseUrl !== undefined) return work(databaseUrl);
  if (!existsSync(join(dataDir, 'postgres', 'PG_VERSION'))) {
    throw new KyokaError('not_found', 'there is no database yet: npm start makes one');
  }
  const vault = await openVault({ keyDir, dataDir, kek });
  const embedded = { dataDir, password: vault.secret(EMBEDDED_PASSWORD).toString('base64url') };
  const running = await runningEmbedded(embedded);
  if (running !== undefined) return work(running);
  const lock = await lockFolder(dataDir);
  try {
    const server = await startEmbedded(embedded);
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}
