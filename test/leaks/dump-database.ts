import { openPool, queryable } from '@kyoka/postgres';

export interface DumpedTable {
  /** `schema.table`. */
  readonly name: string;
  readonly rows: number;
  /** Every row as PostgreSQL writes it as text, `bytea` in hexadecimal. */
  readonly text: string;
}

/** Every table of a database as text, as a dump would hold it. The address has to be the owner's. */
export async function dumpDatabase(url: string): Promise<DumpedTable[]> {
  const pool = await openPool(url, { max: 1, applicationName: 'leak-scan' });
  const db = queryable(pool);
  try {
    const tables = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const dumped: DumpedTable[] = [];
    for (const { name } of tables) {
      const rows = await db.query<{ line: string }>(`select t::text as line from ${name} t`);
      dumped.push({
        name,
        rows: rows.length,
        text: rows.map(({ line }) => line).join('\n'),
      });
    }
    return dumped;
  } finally {
    await pool.destroy();
  }
}
