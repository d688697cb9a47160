import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { formatInstant, type Instant, KyokaError } from '@kyoka/kernel';
import { requireVault } from '@kyoka/permission-store';
import { openPool, queryable, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { copyFiles, hashOfFile, stampOf, syncFolder } from './files.js';
import { FORMAT, type Manifest, writeManifest } from './manifest.js';
import { quoted, SCHEMAS, type Table, tablesOf } from './tables.js';

export interface BackupSources {
  /** Address of the owner. */
  readonly url: string;
  readonly vault: Pick<Vault, 'id' | 'mac'>;
  readonly checkpointDirs: readonly string[];
  readonly journalDir: string;
}

export interface BackupReport {
  readonly folder: string;
  readonly tables: number;
  readonly rows: number;
}

const AT_ONCE = 2_000;

/**
 * Makes a backup of the database in a new folder of `dir`: every table as it is at one moment, a file
 * each (rows in PostgreSQL's own notation, a JSON text a line, gzip), and a manifest with the hash of
 * each, authenticated by the keys. It holds no key. Checkpoints are copied before that moment and the
 * journal after it, so that the first never know more than the database and the second never less.
 *
 * Nothing but the database is needed: no `pg_dump`, which the embedded server doesn't bring.
 *
 * @throws KyokaError `conflict` if another backup of the same second is there or under way,
 *   `key_missing` if the database was filled under other keys: the backup would open
 *   under none
 */
export async function backupDatabase(
  dir: string,
  sources: BackupSources,
  at: Instant,
): Promise<BackupReport> {
  const folder = join(dir, `database-${stampOf(at)}`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 }).catch(another);
  try {
    const copies: Manifest['copies'][number][] = [];
    for (const [index, from] of sources.checkpointDirs.entries()) {
      copies.push(...(await copyInto(folder, `checkpoints-${index + 1}`, from)));
    }
    const dumped = await dump(folder, sources, at);
    copies.push(...(await copyInto(folder, 'journal', sources.journalDir)));
    const manifest: Manifest = { ...dumped, copies };
    await writeManifest(folder, manifest, sources.vault);
    await syncFolder(folder);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { folder, tables: manifest.tables.length, rows };
  } catch (fault) {
    await rm(folder, { recursive: true, force: true });
    throw fault;
  }
}

function another(fault: NodeJS.ErrnoException): never {
  if (fault.code !== 'EEXIST') throw fault;
  throw new KyokaError('conflict', 'another backup of this second is there or under way');
}

async function copyInto(folder: string, part: string, from: string): Promise<Manifest['copies']> {
  const names = await copyFiles(from, join(folder, part));
  return Promise.all(
    names.map(async (name) => ({
      name: `${part}/${name}`,
      sha256: await hashOfFile(join(folder, part, name)),
    })),
  );
}

async function dump(
  folder: string,
  sources: BackupSources,
  at: Instant,
): Promise<Omit<Manifest, 'copies'>> {
  const pool = await openPool(sources.url, {
    max: 1,
    applicationName: 'kyoka backup',
    statementTimeoutMs: 0,
    idleInTransactionMs: 0,
  });
  const runner = pool.createQueryRunner();
  try {
    await runner.startTransaction('REPEATABLE READ');
    const db = queryable(runner.manager);
    await db.query('set transaction read only');
    await requireVault(db, sources.vault.id);
    const tables: Manifest['tables'][number][] = [];
    for (const table of await tablesOf(db)) tables.push(await dumpTable(db, table, folder));
    const manifest: Omit<Manifest, 'copies'> = {
      format: FORMAT,
      madeAt: formatInstant(at),
      vault: sources.vault.id,
      migrations: (
        await db.query<{ name: string }>('select name from kyoka_migration order by "timestamp"')
      ).map(({ name }) => name),
      tables,
      counters: await db.query(
        `select schemaname || '.' || sequencename as name, last_value::text as value
         from pg_sequences where schemaname = any ($1) and last_value is not null order by 1`,
        [[...SCHEMAS]],
      ),
      keys: await keysIn(db),
    };
    await runner.commitTransaction();
    return manifest;
  } finally {
    await runner.release();
    await pool.destroy();
  }
}

async function dumpTable(
  db: Queryable,
  table: Table,
  folder: string,
): Promise<Manifest['tables'][number]> {
  const order = orderOf(table)
    .map((column) => `t."${column}"`)
    .join(', ');
  await db.query(
    `declare rows no scroll cursor for select t::text as row from ${quoted(table.name)} t order by ${order}`,
  );
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const page = await db.query<{ row: string }>(`fetch ${AT_ONCE} from rows`);
      if (page.length === 0) return;
      rows += page.length;
      yield page.map(({ row }) => `${JSON.stringify(row)}\n`).join('');
    }
  }
  const hash = createHash('sha256');
  await pipeline(
    Readable.from(lines(), { objectMode: false }),
    createGzip({ level: 1 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(join(folder, fileOf(table.name)), { mode: 0o600, flags: 'wx', flush: true }),
  );
  await db.query('close rows');
  return { name: table.name, rows, sha256: hash.digest('hex') };
}

/** Messages of an outbox go out in the order of their transactions, which number isn't kept. */
const orderOf = ({ name, key }: Table): readonly string[] =>
  name.endsWith('.outbox') ? ['tx', ...key] : key;

export const fileOf = (table: string): string => `${table}.jsonl.gz`;

async function keysIn(db: Queryable): Promise<Manifest['keys']> {
  const rows = await db.query<{ key: Buffer; rows: number }>(
    `select substring(sealed from 1 for 7) as key, count(*)::integer as rows
     from permissions.contact_point where sealed <> '' group by 1 order by 1`,
  );
  return rows.map(({ key, rows: count }) => ({
    bucket: key.readUInt16BE(1),
    version: key.readUInt32BE(3),
    rows: count,
  }));
}
