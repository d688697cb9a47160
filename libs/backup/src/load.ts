import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { KyokaError } from '@kyoka/kernel';
import { openPool, queryable, type Queryable } from '@kyoka/postgres';
import { migrate, MIGRATIONS } from '@kyoka/schema';
import { fileOf } from './dump.js';
import { hashOfFile } from './files.js';
import { changed, type Manifest } from './manifest.js';
import { quoted, type Table, tablesOf } from './tables.js';

const AT_ONCE = 1_000;

/** @throws KyokaError `seal_broken` that names the first file that isn't what the manifest says */
export async function requireWhole(folder: string, { tables, copies }: Manifest): Promise<void> {
  const files = [...tables.map(({ name, sha256 }) => ({ name: fileOf(name), sha256 })), ...copies];
  for (const { name, sha256 } of files) {
    const found = await hashOfFile(join(folder, name)).catch(() => undefined);
    if (found !== sha256) throw changed(name);
  }
}

/**
 * Fills an empty database with a backup: the schema as it was, every row in one transaction, so that a
 * load that fails leaves nothing half.
 *
 * Numbers of transactions mean nothing in another cluster: rows get that of the load, outboxes their
 * old order within it, and what follows contact points by them begins anew.
 *
 * @throws KyokaError `schema_mismatch` for a backup of a newer schema
 */
export async function loadDatabase(
  url: string,
  folder: string,
  manifest: Manifest,
  inSameTransaction: (db: Queryable, rows: number) => Promise<unknown>,
): Promise<number> {
  const known = MIGRATIONS.map((Migration) => new Migration().name ?? Migration.name);
  const newer = manifest.migrations.find((name, index) => known[index] !== name);
  if (newer !== undefined) {
    throw new KyokaError(
      'schema_mismatch',
      `the backup has the migration ${newer}: use its version`,
    );
  }
  await migrate(url, MIGRATIONS.slice(0, manifest.migrations.length));
  const pool = await openPool(url, {
    max: 1,
    applicationName: 'kyoka restore',
    statementTimeoutMs: 0,
    idleInTransactionMs: 0,
  });
  const runner = pool.createQueryRunner();
  let rows = 0;
  try {
    await runner.startTransaction();
    const db = queryable(runner.manager);
    const tables = await tablesOf(db);
    for (const table of [...tables].reverse()) await emptied(db, table);
    for (const { name, value } of manifest.counters) {
      await db.query('select setval($1::regclass, $2::bigint)', [quoted(name), value]);
    }
    for (const table of tables) rows += await loadTable(db, table, folder);
    await inSameTransaction(db, rows);
    await runner.commitTransaction();
  } catch (fault) {
    await runner.rollbackTransaction();
    throw fault;
  } finally {
    await runner.release();
    await pool.destroy();
  }
  return rows;
}

/** Migrations put a row into some; what is only ever added to has none yet, and would refuse. */
async function emptied(db: Queryable, { name }: Table): Promise<void> {
  await db.query(`delete from ${quoted(name)}`);
}

/** What a trigger once wrote of a row lies in the backup too, so that none fires for it again. */
async function loadTable(db: Queryable, table: Table, folder: string): Promise<number> {
  await db.query(`alter table ${quoted(table.name)} disable trigger user`);
  const insert = insertInto(table);
  const lines = createInterface({
    input: createReadStream(join(folder, fileOf(table.name))).pipe(createGunzip()),
    crlfDelay: Infinity,
  });
  let batch: string[] = [];
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await db.query(insert, [batch]);
    rows += batch.length;
    batch = [];
  };
  for await (const line of lines) {
    batch.push(JSON.parse(line) as string);
    if (batch.length === AT_ONCE) await flush();
  }
  await flush();
  await db.query(`alter table ${quoted(table.name)} enable trigger user`);
  return rows;
}

/** The number of a line has a name that no table has, since a row's own columns stand beside it. */
function insertInto({ name, columns }: Table): string {
  const written = columns.filter((column) => !(name.endsWith('.outbox') && column.name === 'id'));
  const values = written.map((column) => valueOf(name, column));
  return `insert into ${quoted(name)} (${written.map((column) => `"${column.name}"`).join(', ')})
    overriding system value
    select ${values.join(', ')}
    from (select (given.row::${quoted(name)}).*, given.kyoka_line from unnest($1::text[])
      with ordinality as given (row, kyoka_line)) r
    order by r.kyoka_line`;
}

function valueOf(table: string, { name, type }: Table['columns'][number]): string {
  if (type !== 'xid8') return `r."${name}"`;
  return table === 'audiences.contact_cursor' ? `'0'::xid8` : 'pg_current_xact_id()';
}
