import type { ColumnType, EntitySchemaColumnOptions } from 'typeorm';

/** A column, and the TypeScript type that a row read by the driver has there. */
export interface Column<T> extends EntitySchemaColumnOptions {
  /** The words allowed, which a check of the table holds to. */
  readonly words?: readonly string[];
  /** Never set: it carries the type. */
  readonly as?: T;
}

export const text = (): Column<string> => ({ type: 'text' });
export const uuid = (): Column<string> => ({ type: 'uuid' });
export const bytes = (): Column<Buffer> => ({ type: 'bytea' });
export const integer = (): Column<number> => ({ type: 'integer' });
export const bigint = (): Column<string> => ({ type: 'bigint' });
export const double = (): Column<number> => ({ type: 'double precision' });
export const boolean = (): Column<boolean> => ({ type: 'boolean' });
export const instant = (): Column<Date> => ({ type: 'timestamptz', precision: 3 });
/** Read it `::text`: as a `Date` it would be midnight of the machine's own zone. */
export const day = (): Column<Date> => ({ type: 'date' });
export const json = (): Column<unknown> => ({ type: 'jsonb' });

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
