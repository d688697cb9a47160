import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, verifyEvidence } from '@kyoka/evidence';
import { catchUpWithJournal, createIntake, type RawEvent } from '@kyoka/intake';
import { chainReader } from '@kyoka/permission-store';
import { type EmbeddedPostgres, openPool, queryable, startEmbedded } from '@kyoka/postgres';
import { migrate } from '@kyoka/schema';
import { eventually, isAlive } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOW, plain, VOCABULARY } from './harness.js';
import { registration } from './registrations.js';

const WRITERS = 4;
const password = randomBytes(12).toString('hex');
let folder: string;
let vault: Vault;
let server: EmbeddedPostgres;

const start = () => startEmbedded({ dataDir: join(folder, 'data'), password });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-killed-'));
  vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  server = await start();
  await migrate(server.url);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Ends the server and all its children at once, as a power cut to its processes would. */
async function killServer(): Promise<void> {
  const file = await readFile(join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8');
  const main = Number.parseInt(file, 10);
  const parents = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        return {
          pid: Number(pid),
          parent: Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]),
        };
      }),
  );
  const pids = [main, ...parents.filter(({ parent }) => parent === main).map(({ pid }) => pid)];
  expect(pids.length).toBeGreaterThan(3);
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await server.ended;
}

const suspensionOf = (ref: string): RawEvent =>
  plain({
    type: 'suspension.requested',
    id: `s-${ref}`,
    data: {
      subject: { source: 'store', ref },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-11-01T09:00:00+09:00',
    },
  });

/** Writers that go on until the database is gone; gives the ids of events that were acknowledged. */
async function writeUntilKilled(round: number): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  const pool = await openPool(server.url, {
    role: 'kyoka_permissions',
    max: WRITERS,
    applicationName: 'killed-test',
  });
  const journal = await openJournal({ dir: join(folder, 'journal'), writer: 'one' });
  const intake = createIntake({
    pool,
    vault,
    journal,
    journalWriter: 'one',
    clock: () => NOW,
    vocabulary: () => VOCABULARY,
  });
  let ends = 0;
  const write = async (writer: number) => {
    for (let n = 0; ; n += 1) {
      const ref = `r${round}-${writer}-${n}`;
      const batch = [registration(ref), ...(n % 3 === 0 ? [suspensionOf(ref)] : [])];
      try {
        await intake.ingest(batch);
      } catch (fault) {
        expect(fault).toMatchObject({ code: 'database_unavailable' });
        ends += 1;
        return;
      }
      for (const { attributes } of batch) acknowledged.add(attributes['id'] as string);
    }
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await eventually('some are acknowledged', () => acknowledged.size > 60);
  await killServer();
  await writing;
  expect(ends).toBe(WRITERS);
  await pool.destroy();
  await journal.close();
  return acknowledged;
}

it('a server that is killed under four writers loses nothing that was acknowledged, and no stop that was journalled', async () => {
  for (const round of [1, 2]) {
    const acknowledged = await writeUntilKilled(round);
    server = await start();
    const pool = await openPool(server.url, {
      role: 'kyoka_permissions',
      max: 2,
      applicationName: 'killed-test',
    });
    const db = queryable(pool);
    await catchUpWithJournal({ pool, dir: join(folder, 'journal'), clock: () => NOW });
    const kept = new Set(
      (await db.query<{ id: string }>('select ce_id as id from intake.event')).map(({ id }) => id),
    );
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
    const stopped = await db.query<{ ref: string }>(
      `select s.ref from permissions.stop t join permissions.subject s on s.id = t.subject_id`,
    );
    const refs = new Set(stopped.map(({ ref }) => `s-${ref}`));
    const stops = [...acknowledged].filter((id) => id.startsWith('s-'));
    expect(stops.length).toBeGreaterThan(5);
    expect(stops.filter((id) => !refs.has(id))).toEqual([]);
    const { defects } = await verifyEvidence({
      reader: chainReader(db),
      dirs: [],
      publicKey: vault.checkpointSigner.publicKey,
    });
    expect(defects).toEqual([{ kind: 'missing_checkpoints' }]);
    await pool.destroy();
  }
}, 180_000);

it('control: commits that do not wait for the disk are acknowledged and lost', async () => {
  const pool = await openPool(server.url, { max: 1, applicationName: 'killed-control' });
  const db = queryable(pool);
  await db.query('create table public.unsynced (n int)');
  await db.query(`alter system set wal_writer_delay = '10s'`);
  await db.query('select pg_reload_conf()');
  await db.query('checkpoint');
  await db.query('set synchronous_commit = off');
  for (let n = 0; n < 200; n += 1) await db.query('insert into public.unsynced values ($1)', [n]);
  await killServer();
  await pool.destroy();
  server = await start();
  const after = await openPool(server.url, { max: 1, applicationName: 'killed-control' });
  const rows = await queryable(after).query('select n from public.unsynced');
  await after.destroy();
  expect(rows.length).toBeLessThan(200);
}, 120_000);
