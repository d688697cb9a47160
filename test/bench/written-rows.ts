import { queryable, type Pool, type Queryable } from '@kyoka/postgres';

/** The rows that one transaction left in one table, as text, a list for each column. */
export interface Written {
  readonly table: TableShape;
  /** Rows that the table had before: these were updated. */
  readonly known: readonly string[][];
  readonly added: readonly string[][];
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly key: readonly string[];
}

const SCHEMAS = ['intake', 'permissions'];

/** Ordinary tables of the contexts that intake writes, with their columns and primary keys. */
export async function tableShapes(pool: Pool): Promise<TableShape[]> {
  return queryable(pool).query<TableShape>(
    `select format('%I.%I', n.nspname, c.relname) as name,
            (select json_agg(json_build_object('name', format('%I', a.attname),
                                               'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
               from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            (select array_agg(format('%I', a.attname)::text)
               from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
              where i.indrelid = c.oid and i.indisprimary) as key
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = any ($1) and c.relkind = 'r'
        and exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
      order by 1`,
    [SCHEMAS],
  );
}

/**
 * What transactions from `since` on left behind, one list for each transaction in their order. A row
 * that several of them wrote is found with the last.
 *
 * @param before a database without these transactions: tells which rows were there already
 */
export async function writtenSince(
  pool: Pool,
  before: Pool,
  since: bigint,
  tables: readonly TableShape[],
): Promise<Written[][]> {
  const byTransaction = new Map<string, Written[]>();
  for (const table of tables) {
    const rows = await queryable(pool).query<{ tx: string; row: string[] }>(
      `select xmin::text as tx, array[${table.columns.map(({ name }) => `${name}::text`).join(', ')}] as row
         from ${table.name} where xmin::text::bigint >= $1`,
      [since.toString()],
    );
    if (rows.length === 0) continue;
    const known = await keysIn(
      queryable(before),
      table,
      rows.map(({ row }) => keyOf(table, row)),
    );
    for (const [tx, group] of Map.groupBy(rows, (one) => one.tx)) {
      const isKnown = ({ row }: { row: string[] }) => known.has(keyOf(table, row).join('\u0000'));
      const written: Written = {
        table,
        known: group.filter(isKnown).map(({ row }) => row),
        added: group.filter((one) => !isKnown(one)).map(({ row }) => row),
      };
      byTransaction.set(tx, [...(byTransaction.get(tx) ?? []), written]);
    }
  }
  return [...byTransaction]
    .sort(([a], [b]) => Number(BigInt(a) - BigInt(b)))
    .map(([, written]) => written);
}

const keyOf = (table: TableShape, row: readonly string[]): string[] =>
  table.key.map((name) => row[table.columns.findIndex((column) => column.name === name)] as string);

async function keysIn(db: Queryable, table: TableShape, keys: readonly string[][]) {
  const types = table.key.map((name) => table.columns.find((one) => one.name === name)?.type);
  const found = await db.query<{ key: string[] }>(
    `select array[${table.key.map((name) => `t.${name}::text`).join(', ')}] as key
       from ${table.name} t
       join unnest(${types.map((_, index) => `$${index + 1}::text[]`).join(', ')})
         as n (${table.key.join(', ')})
         on ${table.key.map((name, index) => `t.${name} = n.${name}::${types[index]}`).join(' and ')}`,
    table.key.map((_, index) => keys.map((key) => key[index])),
  );
  return new Set(found.map(({ key }) => key.join('\u0000')));
}
