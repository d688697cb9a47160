import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '@kyoka/postgres';
import { endWithRun } from './run-folder.js';

/** A new PostgreSQL in `folder`, as the product starts it, ended by the reaper of the test run. */
export async function startPostgres(folder: string): Promise<{ url: string }> {
  const { url } = await startEmbedded({
    dataDir: folder,
    password: randomBytes(18).toString('base64url'),
    secretFolder: folder,
  });
  const pidFile = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8');
  await endWithRun(Number.parseInt(pidFile, 10), 'SIGINT');
  return { url };
}
