import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPool, queryable, startEmbedded } from '@kyoka/postgres';
import { ROOT } from '../../standalone/process.js';
import type { LoadedSystem } from './loaded-system.js';

const run = promisify(execFile);

/** Owners and modes with it: the database server refuses others. */
const copyAsItIs = (from: string, to: string) => run('cp', ['-a', from, to]);

/** Everything but keys: below the folder of the installation, by the name that it gets in the copy. */
const TAKEN = {
  database: 'data',
  journal: 'journal',
  checkpoints: 'checkpoints',
  'checkpoints-too': 'checkpoints-too',
  sandbox: 'sandbox',
  answers: 'answers',
  'terminal.log': 'terminal.log',
} as const;

/**
 * What somebody takes who gets at the disks of a stopped system, but not at the folder of its keys nor
 * at copies of these: the database with its write-ahead log, the folders of the topics, every log,
 * temporary and backup file, the sandbox, what was answered, the settings and the compose file.
 */
export async function takeCopy(
  { place, broker, settings }: LoadedSystem,
  { temporary, to }: { readonly temporary: string; readonly to: string },
): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const [name, from] of Object.entries(TAKEN)) {
    const path = join(place.folder, from);
    if (existsSync(path)) await copyAsItIs(path, join(to, name));
  }
  if (broker) await copyAsItIs(broker.folder, join(to, 'topics'));
  await copyAsItIs(settings.backupDir, join(to, 'backup'));
  await copyAsItIs(temporary, join(to, 'temporary'));
  await cp(join(ROOT, 'docker-compose.yml'), join(to, 'docker-compose.yml'));
  const lines = Object.entries(place.env).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(to, 'settings.env'), lines.join(''));
}

/** A database that runs on a copy, for whoever wants to ask it. */
export interface ThiefsDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a copied database without its password, as anybody can who has its files. */
export async function openCopied(copy: string, work: string): Promise<ThiefsDatabase> {
  await mkdir(work, { recursive: true });
  await copyAsItIs(join(copy, 'database', 'postgres'), join(work, 'postgres'));
  const access = join(work, 'postgres', 'pg_hba.conf');
  await writeFile(access, 'local all all trust\nhost all all 127.0.0.1/32 trust\n');
  return startEmbedded({ dataDir: work, password: 'none is needed' });
}

/** Every table as text into `folder`, a file each: what lies compressed in the pages is open there. */
export async function dumpInto(folder: string, url: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The server writes the files, under a user of its own.
  await chmod(folder, 0o777);
  const pool = await openPool(url, { max: 1, applicationName: 'attack', statementTimeoutMs: 0 });
  const db = queryable(pool);
  try {
    const tables = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    for (const { name } of tables) {
      const file = join(folder, `${name.replaceAll('"', '')}.txt`);
      await db.query(`copy (select t::text from ${name} t) to '${file.replaceAll("'", "''")}'`);
    }
  } finally {
    await pool.destroy();
  }
}
