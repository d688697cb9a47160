import type { Queryable } from '@kyoka/postgres';

export const SCHEMAS = ['intake', 'permissions', 'audiences', 'access'] as const;

export interface Table {
  /** `schema.table`. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
}

/** Every table of the contexts, one after those that it refers to. */
export async function tablesOf(db: Queryable): Promise<Table[]> {
  const tables = await db.query<{
    name: string;
    columns: Table['columns'];
    key: string[];
    refers: string[];
  }>(
    `select n.nspname || '.' || c.relname as name,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       array(select a.attname::text from pg_index i, unnest(i.indkey::smallint[]) with ordinality k (num, place)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num
         where i.indrelid = c.oid and i.indisprimary order by k.place) as key,
       array(select distinct f.nspname || '.' || r.relname from pg_constraint o
         join pg_class r on r.oid = o.confrelid join pg_namespace f on f.oid = r.relnamespace
         where o.conrelid = c.oid and o.contype = 'f' and r.oid <> c.oid) as refers
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname = any ($1) order by 1`,
    [[...SCHEMAS]],
  );
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: Table[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(({ refers }) => !refers.some((name) => left.has(name)));
    if (free.length === 0) throw new Error('tables refer to each other in a circle');
    for (const { name, columns, key } of free) {
      left.delete(name);
      ordered.push({ name, columns, key });
    }
  }
  return ordered;
}

export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
