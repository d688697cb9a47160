import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addressOf } from './address.js';
import { processIsAlive } from './orphan.js';

/**
 * Address of the server that another process runs on this data folder, for a command beside it;
 * `undefined` where none runs.
 */
export async function runningEmbedded({
  dataDir,
  password,
}: {
  readonly dataDir: string;
  readonly password: string;
}): Promise<string | undefined> {
  const text = await readFile(resolve(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(
    () => '',
  );
  // Lines of postmaster.pid: process, data folder, start, port.
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port && processIsAlive(pid) ? addressOf(port, password) : undefined;
}
