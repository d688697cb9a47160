import { openPool, queryable, type Queryable } from '@kyoka/postgres';

const OURS = `('intake', 'permissions', 'audiences', 'access')`;

/** Runs `work` on the database at `url`, as its owner. */
export async function onDatabase<T>(url: string, work: (db: Queryable) => Promise<T>): Promise<T> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka-tests' });
  try {
    return await work(queryable(pool));
  } finally {
    await pool.destroy();
  }
}

/** Every column, index and constraint of the contexts, each as one line of PostgreSQL's own words. */
export async function shapeOf(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ line: string }>(
    `select concat_ws(' ', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
            case when a.attnotnull then 'not null' end,
            case when a.attidentity = 'a' then 'always counted' end,
            'default ' || pg_get_expr(d.adbin, d.adrelid)) as line
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace::regnamespace::text in ${OURS} and a.attnum > 0 and not a.attisdropped
     union all
     select indexdef from pg_indexes where schemaname in ${OURS}
     union all
     select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where connamespace::regnamespace::text in ${OURS} and contype <> 'n'
     order by 1`,
  );
  return rows.map((row) => row.line);
}

/** What a role may do, by the name of the table or view; nothing for one that it may not touch. */
export async function rightsOf(db: Queryable, role: string): Promise<Record<string, string>> {
  const rows = await db.query<{ name: string; rights: string }>(
    `select c.oid::regclass::text as name, string_agg(right_name, ' ' order by position) as rights
     from pg_class c,
          unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
            with ordinality as known (right_name, position)
     where c.relnamespace::regnamespace::text in ${OURS} and c.relkind in ('r', 'v')
       and (has_table_privilege($1, c.oid, right_name)
            or (right_name = 'update' and has_any_column_privilege($1, c.oid, right_name)))
     group by c.oid order by 1`,
    [role],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.rights]));
}
