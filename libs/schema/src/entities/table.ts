import { type ColumnType, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** A column, and the TypeScript type that a row read by the driver has there. */
export interface Column<T> extends EntitySchemaColumnOptions {
  /** The words allowed, which a check of the table holds to. */
  readonly words?: readonly string[];
  /** Never set: it carries the type. */
  readonly as?: T;
}

type Columns = Readonly<Record<string, Column<unknown>>>;

/** A row as the driver gives it: bigint is a string, timestamptz a `Date`, bytea a `Buffer`. */
export type RowOf<Entity> = Entity extends EntitySchema<infer Row> ? Row : never;

type RowFrom<C extends Columns> = {
  [Name in keyof C]: C[Name] extends Column<infer T> ? T : never;
};

export const text = (): Column<string> => ({ type: 'text' });
export const uuid = (): Column<string> => ({ type: 'uuid' });
export const bytes = (): Column<Buffer> => ({ type: 'bytea' });
export const integer = (): Column<number> => ({ type: 'integer' });
export const bigint = (): Column<string> => ({ type: 'bigint' });
export const boolean = (): Column<boolean> => ({ type: 'boolean' });
export const instant = (): Column<Date> => ({ type: 'timestamptz', precision: 3 });
/** Read it `::text`: as a `Date` it would be midnight of the machine's own zone. */
export const day = (): Column<Date> => ({ type: 'date' });
export const json = <T = unknown>(): Column<T> => ({ type: 'jsonb' });

export const word = <const Word extends string>(...words: Word[]): Column<Word> => ({
  type: 'text',
  words,
});

/** A transaction of the database. TypeORM's list of types lacks it; `dataSourceOf` adds it. */
export const transaction = (): Column<string> => ({ type: 'xid8' as ColumnType });
/** The one that wrote the row. */
export const ownTransaction = (): Column<string> =>
  byDefault(transaction(), 'pg_current_xact_id()');

/** A number that the database counts up. */
export const counted = (): Column<string> => ({ type: 'bigint', generated: 'increment' });

export const listOf = <T>(column: Column<T>): Column<T[]> => ({
  ...(column as EntitySchemaColumnOptions),
  array: true,
});
export const optional = <T>(column: Column<T>): Column<T | null> => ({ ...column, nullable: true });
export const key = <T>(column: Column<T>): Column<T> => ({ ...column, primary: true });
/** @param value as SQL or, for a plain value, as it is */
export const byDefault = <T>(column: Column<T>, value: string | number | boolean): Column<T> => ({
  ...column,
  default: typeof value === 'string' ? () => value : value,
});

interface Index {
  readonly name: string;
  readonly on: readonly string[];
  readonly unique?: boolean;
  /** Rows that the index holds; all without it. */
  readonly where?: string;
}

interface Rules {
  readonly indices?: readonly Index[];
  readonly uniques?: readonly (readonly string[])[];
  /** Expressions by the name of the constraint. */
  readonly checks?: Readonly<Record<string, string>>;
  /** Columns, then the table and the columns that they refer to. */
  readonly references?: readonly (readonly [string[], `${string}.${string}`, string[]])[];
}

/**
 * An entity whose properties are the table's columns, so that a row read by SQL and one read by
 * TypeORM are the same. Constraints have the names that PostgreSQL gives when none is told.
 *
 * @param path `schema.table`
 */
export function table<C extends Columns>(
  path: `${string}.${string}`,
  columns: C,
  { indices = [], uniques = [], checks = {}, references = [] }: Rules = {},
): EntitySchema<RowFrom<C>> {
  const [schema = '', name = ''] = path.split('.');
  const ofWords = Object.entries(columns).flatMap(([column, { words }]) =>
    words === undefined ? [] : [checkOf(name, column, words)],
  );
  return new EntitySchema<RowFrom<C>>({
    name: path,
    schema,
    tableName: name,
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, options]) => [
        column,
        options.primary ? { ...options, primaryKeyConstraintName: `${name}_pkey` } : options,
      ]),
    ) as { [Name in keyof RowFrom<C>]: EntitySchemaColumnOptions },
    indices: indices.map(({ on, ...index }) => ({ ...index, columns: [...on] })),
    uniques: uniques.map((on) => ({ name: `${name}_${on.join('_')}_key`, columns: [...on] })),
    checks: [
      ...ofWords,
      ...Object.entries(checks).map(([of, expression]) => ({ name: of, expression })),
    ],
    foreignKeys: references.map(([columnNames, target, referencedColumnNames]) => ({
      name: `${name}_${columnNames.join('_')}_fkey`,
      target,
      columnNames,
      referencedColumnNames,
    })),
  });
}

function checkOf(name: string, column: string, words: readonly string[]) {
  const list = words.map((one) => `'${one}'`).join(', ');
  return { name: `${name}_${column}_check`, expression: `${column} in (${list})` };
}
