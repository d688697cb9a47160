import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { databaseFault } from './errors.js';
import { forgetStatementNames, STATEMENT_OUTDATED, statementName } from './statement-names.js';

/** What a store needs of a database: rows for a statement with `$1` parameters. */
export interface Queryable {
  /**
   * Runs one statement and gives its rows: of a SELECT, and of any INSERT, UPDATE, DELETE or MERGE
   * with RETURNING (without it: none). Types are those of the driver: bigint and numeric are strings,
   * timestamptz and date are `Date` (select a date `::text`), bytea is a `Buffer`.
   *
   * @throws DatabaseError, which holds no value of the statement
   */
  query<T = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
}

/**
 * A `Queryable` over a transaction's `EntityManager`, or over a pool (then each statement is its own
 * transaction, on any connection).
 */
export function queryable(source: EntityManager | DataSource): Queryable {
  return {
    async query<T>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
      const manager = 'manager' in source ? source.manager : source;
      const own = manager.queryRunner;
      if (own !== undefined) return rowsOf<T>(own, sql, parameters);
      const once = async (): Promise<T[]> => {
        const runner = manager.dataSource.createQueryRunner();
        try {
          return await rowsOf<T>(runner, sql, parameters);
        } finally {
          await runner.release();
        }
      };
      return once().catch((fault: unknown) => {
        if (databaseFault(fault)?.sqlState !== STATEMENT_OUTDATED) throw fault;
        return once();
      });
    },
  };
}

async function rowsOf<T>(
  runner: QueryRunner,
  sql: string,
  parameters: readonly unknown[],
): Promise<T[]> {
  // Without parameters it may be several statements, which can't be kept.
  const name = parameters.length === 0 ? undefined : statementName(sql);
  // TypeORM hands on what it is given; the driver takes a text, or an object of text and name.
  const statement = name === undefined ? sql : ({ name, text: sql } as unknown as string);
  try {
    // TypeORM's plain result is rows for INSERT but [rows, count] for UPDATE and DELETE.
    const { records } = await runner.query(statement, [...parameters], true);
    return (records ?? []) as T[];
  } catch (thrown) {
    const fault = databaseFault(thrown);
    if (fault?.sqlState === STATEMENT_OUTDATED) forgetStatementNames();
    throw fault ?? thrown;
  }
}
