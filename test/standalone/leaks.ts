import { join } from 'node:path';
import { EMBEDDED_PASSWORD, startEmbedded } from '@kyoka/postgres';
import { openVault } from '@kyoka/vault';
import { dumpDatabase } from '../leaks/dump-database.js';
import type { Leak, leakScanner } from '../leaks/leak-scan.js';

/** Everything that a stopped installation left: its files as they lie there, and its database as a dump. */
export async function leaksIn(
  folder: string,
  scanner: ReturnType<typeof leakScanner>,
): Promise<{ readonly leaks: readonly Leak[]; readonly rows: number; readonly files: number }> {
  const found = await scanner.scanFolder(folder);
  const tables = await dumpOf(folder);
  return {
    leaks: [...found.leaks, ...tables.flatMap(({ name, text }) => scanner.scanText(text, name))],
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    files: found.files,
  };
}

async function dumpOf(folder: string) {
  const dataDir = join(folder, 'data');
  const vault = await openVault({ keyDir: join(folder, 'keys'), dataDir, create: false });
  const password = vault.secret(EMBEDDED_PASSWORD).toString('base64url');
  const postgres = await startEmbedded({ dataDir, password });
  try {
    return await dumpDatabase(postgres.url);
  } finally {
    await postgres.stop();
  }
}
