import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { Column } from './columns.js';

type Columns = Readonly<Record<string, Column<unknown>>>;

type RowFrom<C extends Columns> = {
  [Name in keyof C]: C[Name] extends Column<infer T> ? T : never;
};

interface Index {
  readonly name: string;
  readonly on: readonly string[];
  readonly unique?: boolean;
  /** Rows that the index holds; all without it. */
  readonly where?: string;
  /** An index of an expression, which only the migration can say; TypeORM then leaves it alone. */
  readonly byHand?: boolean;
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
    indices: indices.map(({ on, byHand = false, ...index }) => ({
      ...index,
      columns: [...on],
      synchronize: !byHand,
    })),
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
