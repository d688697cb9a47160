import type { DataSource, EntityManager } from 'typeorm';
import { databaseFault } from './errors.js';

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
      try {
        const runner = own ?? manager.dataSource.createQueryRunner();
        try {
          // TypeORM's plain result is rows for INSERT but [rows, count] for UPDATE and DELETE.
          const { records } = await runner.query(sql, [...parameters], true);
          return (records ?? []) as T[];
        } finally {
          if (own === undefined) await runner.release();
        }
      } catch (fault) {
        throw databaseFault(fault) ?? fault;
      }
    },
  };
}
