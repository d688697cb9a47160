import { createHash } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import { inTransaction, openPool, type Pool, type Queryable } from '@kyoka/postgres';
import { isRestoring, RESTORING } from '@kyoka/schema';
import type { Manifest } from './manifest.js';

/** Where the journal or the checkpoints come from: they were there, or the backup's copies stand in. */
export type Source = 'kept' | 'from_backup';

/** How far a restore has come, kept in the database that it fills. */
export interface Progress {
  readonly journal: Source;
  readonly checkpoints: Source;
  /** Rows of the backup; `null` until they are all in. */
  readonly loaded: number | null;
}

const idOf = (manifest: Manifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/**
 * Marks an empty database as one that is being restored, or finds how far the restore of the same
 * backup has come.
 *
 * @throws KyokaError `conflict` if the database isn't empty, or is being restored from another backup
 */
export function beginRestore(
  url: string,
  manifest: Manifest,
  sources: Omit<Progress, 'loaded'>,
): Promise<Progress> {
  const backup = idOf(manifest);
  return asOwner(url, (pool) =>
    inTransaction(pool, async (tx) => {
      if (await isRestoring(tx)) return progressOf(tx, backup);
      const [there] = await tx.query(
        `select 1 where to_regclass('permissions.subject') is not null`,
      );
      if (there !== undefined) {
        throw new KyokaError(
          'conflict',
          'the database is not empty: a backup goes into an empty one',
        );
      }
      await tx.query(
        `create table ${RESTORING} (backup text not null, journal text not null, checkpoints text not null, loaded integer)`,
      );
      await tx.query(`insert into ${RESTORING} values ($1, $2, $3, null)`, [
        backup,
        sources.journal,
        sources.checkpoints,
      ]);
      return { ...sources, loaded: null };
    }),
  );
}

async function progressOf(tx: Queryable, backup: string): Promise<Progress> {
  const [row] = await tx.query<Progress & { backup: string }>(`select * from ${RESTORING}`);
  if (row?.backup !== backup) {
    throw new KyokaError(
      'conflict',
      'the restore of another backup began in this database: go on with that one, or give an empty one',
    );
  }
  return { journal: row.journal, checkpoints: row.checkpoints, loaded: row.loaded };
}

/** In the transaction of the load: a restore that is taken up again doesn't load twice. */
export const noteLoaded = (tx: Queryable, rows: number): Promise<unknown> =>
  tx.query(`update ${RESTORING} set loaded = $1`, [rows]);

/** From here on services start. @param last what has to be true by then */
export const endRestore = <T>(url: string, last: (tx: Queryable) => Promise<T>): Promise<T> =>
  asOwner(url, (pool) =>
    inTransaction(pool, async (tx) => {
      const result = await last(tx);
      await tx.query(`drop table ${RESTORING}`);
      return result;
    }),
  );

async function asOwner<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka restore' });
  try {
    return await work(pool);
  } finally {
    await pool.destroy();
  }
}
