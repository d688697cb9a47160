import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@kyoka/evidence';
import { catchUpWithJournal, createIntake, journalFreeze, type RawEvent } from '@kyoka/intake';
import { inTransaction, openPool, type Pool, queryable } from '@kyoka/postgres';
import { databaseForTests } from '@kyoka/testing';
import { openVault } from '@kyoka/vault';
import { expect } from 'vitest';
import { NOW, VOCABULARY } from './harness.js';
import { statesOf } from './states.js';

/** The freeze that `freeze` sets. */
export const FREEZE = {
  id: randomUUID(),
  purposes: ['ad_matching'],
  channels: ['ads'],
  recipients: ['google'],
  sources: [],
  role: 'user:sato',
  setBy: 'user:sato',
  at: NOW,
};

/** A system that can be stopped, copied and started on an older copy. */
export async function openSystem() {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-backup-'));
  const vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  const first = await databaseForTests();
  const copies: string[] = [];
  const dir = join(folder, 'journal');

  const use = async <T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> => {
    const pool = await openPool(url, {
      role: 'kyoka_permissions',
      max: 4,
      applicationName: 'backup-test',
    });
    try {
      return await work(pool);
    } finally {
      await pool.destroy();
    }
  };
  const admin = async (sql: string): Promise<void> => {
    const url = new URL(first.url);
    url.pathname = '/postgres';
    const pool = await openPool(url.href, { max: 1, applicationName: 'backup-test-admin' });
    await queryable(pool).query(sql);
    await pool.destroy();
  };
  return {
    url: first.url,
    dir,
    /** Takes events as a process that writes the journal `writer`. */
    ingest: (url: string, events: readonly RawEvent[], writer = 'one') =>
      use(url, async (pool) => {
        const journal = await openJournal({ dir, writer });
        const ports = { pool, vault, journal, journalWriter: writer, clock: () => NOW };
        try {
          return await createIntake({ ...ports, vocabulary: () => VOCABULARY }).ingest(events);
        } finally {
          await journal.close();
        }
      }),
    /** Loses the transaction after its stops are in the journal. */
    loseAfterJournal: (url: string, events: readonly RawEvent[]) =>
      use(url, async (pool) => {
        const journal = await openJournal({ dir, writer: 'one' });
        const breaking: typeof journal = {
          ...journal,
          append: async (entries) => {
            await journal.append(entries);
            throw new Error('the process ends here');
          },
        };
        const ports = { pool, vault, journal: breaking, journalWriter: 'one', clock: () => NOW };
        const intake = createIntake({ ...ports, vocabulary: () => VOCABULARY });
        await expect(intake.ingest(events)).rejects.toThrow('the process ends here');
        await journal.close();
      }),
    /** Puts a freeze into the journal; the row of the database in front is lost in these tests. */
    freeze: (url: string) =>
      use(url, async (pool) => {
        const journal = await openJournal({ dir, writer: 'one' });
        await inTransaction(pool, (tx) =>
          journalFreeze(tx, FREEZE, { journal, journalWriter: 'one' }),
        );
        await journal.close();
      }),
    freezes: (url: string) =>
      use(url, async (pool) =>
        queryable(pool).query(
          'select id, purposes, channels, set_by_role from permissions.freeze where lifted_at is null',
        ),
      ),
    catchUp: (url: string) =>
      use(url, (pool) => catchUpWithJournal({ pool, dir, clock: () => NOW })),
    states: (url: string) => use(url, (pool) => statesOf(queryable(pool))),
    /** A copy of the database as it is now: a backup. */
    async copy(url: string): Promise<string> {
      const name = `kyoka_copy_${randomBytes(6).toString('hex')}`;
      await admin(`create database ${name} template ${new URL(url).pathname.slice(1)}`);
      copies.push(name);
      const copied = new URL(url);
      copied.pathname = `/${name}`;
      return copied.href;
    },
    async close() {
      for (const name of copies) await admin(`drop database ${name} with (force)`);
      await first.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
