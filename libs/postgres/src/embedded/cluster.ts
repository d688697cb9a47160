import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import type { Binaries } from './binaries.js';
import { handOver, type Unprivileged } from './unprivileged.js';

export const OWNER_ROLE = 'kyoka_owner';

/**
 * Makes the cluster at `directory` unless there is one; tells whether it did. It is made beside its
 * place and renamed into it, since a half-made cluster already has its PG_VERSION.
 *
 * `password` lies for a moment in a file of mode 0600 below `secretFolder`, because initdb takes it no
 * other way that other processes can't read.
 *
 * @throws KyokaError `config_invalid` when initdb fails: no rights, no space, a folder nobody may enter
 */
export async function ensureCluster(
  directory: string,
  {
    binaries,
    as,
    password,
    secretFolder,
  }: { binaries: Binaries; as: Unprivileged; password: string; secretFolder: string },
): Promise<boolean> {
  if (existsSync(join(directory, 'PG_VERSION'))) return false;
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await handOver(draft, as);
  const folder = await mkdtemp(join(secretFolder, 'initdb-'));
  try {
    await handOver(folder, as);
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await handOver(passwordFile, as);
    await runInitdb(draft, { binaries, as, passwordFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await rename(draft, directory);
  return true;
}

/**
 * `C.UTF-8` of the builtin provider sorts and classifies the same on every machine; plain `C` would
 * leave pg_trgm without trigrams of Japanese text.
 */
const LOCALE = [
  '-E',
  'UTF8',
  '--locale=C.UTF-8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

function runInitdb(
  directory: string,
  { binaries, as, passwordFile }: { binaries: Binaries; as: Unprivileged; passwordFile: string },
): Promise<void> {
  const [command = binaries.initdb, ...args] = [
    ...as.prefix,
    ...[
      binaries.initdb,
      '-D',
      directory,
      '-U',
      OWNER_ROLE,
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
    ],
    ...LOCALE,
  ];
  return new Promise((resolve, reject) => {
    const failed = (why: string) =>
      reject(new KyokaError('config_invalid', `initdb could not make the database: ${why}`));
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: serverEnvironment(),
      ...as.ids,
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = `${complaint}${text}`.slice(-400);
    });
    child.once('error', () => failed('it could not be started'));
    child.once('close', (status) => (status === 0 ? resolve() : failed(complaint.trim())));
  });
}

/** Nothing of ours reaches the server's environment, where other processes of the user can read it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] };
}
