import { randomBytes, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@kyoka/evidence';
import { catchUpWithJournal, createIntake, journalFreeze, type RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { inTransaction, openPool, type Pool, queryable } from '@kyoka/postgres';
import { databaseForTests } from '@kyoka/testing';
import { openVault } from '@kyoka/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW, plain, VOCABULARY } from './harness.js';
import { statesOf } from './states.js';

const at = (minute: number) => `2026-11-01T09:${String(minute).padStart(2, '0')}:00+09:00`;
let ids = 0;

/** A system that can be stopped, copied and started on an older copy. */
async function openSystem() {
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

function event(type: string, data: { readonly [name: string]: Json }): RawEvent {
  ids += 1;
  return plain({ type, id: `b${ids}`, data });
}
const of = (ref: string) => ({ subject: { source: 'store', ref } });
const mail = (value: string) => ({ contacts: [{ kind: 'email', value }] });
const everything = { scope: { purposes: ['*'], channels: ['*'] } };

const grant = (ref: string, email: string) =>
  event('consent.granted', {
    ...of(ref),
    ...mail(email),
    category: 'member',
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at(1),
    policyVersion: 'almado@1',
    evidence: { id: `ev${ids}`, actor: 'subject' },
  });

/** One stop of every kind, each of a person of its own. */
const STOPS: Record<string, () => RawEvent> = {
  suspended: () =>
    event('suspension.requested', { ...of('suspended'), ...everything, occurredAt: at(5) }),
  withdrawn: () =>
    event('consent.withdrawn', {
      ...of('withdrawn'),
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: at(5),
    }),
  erased: () => event('erasure.requested', { ...of('erased'), occurredAt: at(5) }),
  switched: () =>
    event('adsswitch.changed', { ...of('switched'), state: 'off', occurredAt: at(5) }),
  cancelled: () => event('membership.cancelled', { ...of('cancelled'), occurredAt: at(5) }),
  complained: () =>
    event('delivery.complained', { ...of('complained'), channel: 'email', occurredAt: at(5) }),
  bounced: () =>
    event('delivery.bounced', {
      ...mail('bounced@example.jp'),
      channel: 'email',
      bounce: 'hard',
      occurredAt: at(5),
    }),
  byAddress: () =>
    event('suspension.requested', {
      ...mail('byAddress@example.jp'),
      ...everything,
      occurredAt: at(5),
    }),
};
const grants = () => Object.keys(STOPS).map((ref) => grant(ref, `${ref}@example.jp`));
const stopsOf = (states: Record<string, Json>, ref: string) =>
  (states[`store/${ref}`] as { stops: unknown[] }).stops;

const FREEZE = {
  id: randomUUID(),
  purposes: ['ad_matching'],
  channels: ['ads'],
  recipients: ['google'],
  sources: [],
  role: 'user:sato',
  setBy: 'user:sato',
  at: NOW,
};

let system: Awaited<ReturnType<typeof openSystem>>;
beforeEach(async () => {
  system = await openSystem();
});
afterEach(() => system.close());

describe('a start on an older copy of the database', () => {
  it('knows every stop again, of every kind, once the journal is applied', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    const stops = Object.values(STOPS).map((make) => make());
    await system.ingest(system.url, stops);
    const before = await system.states(system.url);

    // Control: the copy alone allows what was stopped.
    expect(await system.states(backup)).not.toEqual(before);
    expect(stopsOf(await system.states(backup), 'suspended')).toEqual([]);

    expect(await system.catchUp(backup)).toBe(stops.length);
    expect(await system.states(backup)).toEqual(before);
    expect(await system.catchUp(backup)).toBe(0);

    // The topic brings them once more: they are new to this copy, and change nothing.
    const answers = await system.ingest(backup, stops);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    expect(await system.states(backup)).toEqual(before);
  });

  it('stops whoever shares a contact point that the copy does not know of the stopped', async () => {
    await system.ingest(system.url, [grant('sharer', 'family@example.jp')]);
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [grant('late', 'family@example.jp')]);
    await system.ingest(system.url, [
      event('suspension.requested', { ...of('late'), ...everything, occurredAt: at(5) }),
    ]);
    expect(stopsOf(await system.states(system.url), 'sharer')).toMatchObject([
      { kind: 'suspension', through: 'shared_contact' },
    ]);
    await system.catchUp(backup);
    expect(stopsOf(await system.states(backup), 'sharer')).toMatchObject([
      { kind: 'suspension', through: 'shared_contact' },
    ]);
  });

  it('knows a freeze again, among other stops', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.freeze(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()]);
    expect(await system.freezes(backup)).toEqual([]);
    expect(await system.catchUp(backup)).toBe(2);
    expect(await system.freezes(backup)).toEqual([
      { id: FREEZE.id, purposes: ['ad_matching'], channels: ['ads'], set_by_role: 'user:sato' },
    ]);
    expect(stopsOf(await system.states(backup), 'suspended')).toHaveLength(1);
  });

  it('applies the journal of every writer', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()], 'one');
    await system.ingest(system.url, [STOPS['withdrawn']!()], 'two');
    expect(await system.catchUp(backup)).toBe(2);
    expect(await system.states(backup)).toEqual(await system.states(system.url));
  });

  it('tells other services of the stops', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()]);
    await system.catchUp(backup);
    const pool = await openPool(backup, { max: 1, applicationName: 'backup-test' });
    const [told] = await queryable(pool).query<{ payload: { stops: unknown[] } }>(
      `select o.payload from permissions.outbox o join permissions.subject s on s.id::text = o.key
       where s.ref = 'suspended' and o.topic = 'kyoka.permissions.v1' order by o.id desc limit 1`,
    );
    await pool.destroy();
    expect(told?.payload.stops).toMatchObject([{ kind: 'suspension' }]);
  });
});

describe('a transaction that is lost after its stop was journalled', () => {
  it('takes effect at the next start, and the event that comes again is taken once', async () => {
    await system.ingest(system.url, grants());
    const stop = STOPS['suspended']!();
    await system.loseAfterJournal(system.url, [stop]);
    expect(stopsOf(await system.states(system.url), 'suspended')).toEqual([]);
    expect(await system.catchUp(system.url)).toBe(1);
    expect(stopsOf(await system.states(system.url), 'suspended')).toHaveLength(1);
    expect(await system.ingest(system.url, [stop])).toMatchObject([{ outcome: 'accepted' }]);
    expect(stopsOf(await system.states(system.url), 'suspended')).toHaveLength(1);
  });
});

describe('a journal file', () => {
  const file = () => join(system.dir, 'one.jsonl');
  beforeEach(async () => {
    await system.ingest(system.url, grants());
    await system.ingest(system.url, [STOPS['suspended']!()]);
    await system.ingest(system.url, [STOPS['erased']!(), STOPS['complained']!()]);
  });

  it('whose last line was cut by a crash holds all that was acknowledged', async () => {
    await appendFile(file(), '{"c":"0123456789abcdef","p":4,"g":4,"e":{"ki');
    expect(await system.catchUp(system.url)).toBe(0);
    expect(await system.ingest(system.url, [STOPS['cancelled']!()])).toMatchObject([
      { outcome: 'accepted' },
    ]);
    expect(await system.catchUp(system.url)).toBe(0);
  });

  it('that is gone, or was put back from an older copy, keeps the start from going on', async () => {
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), `${text.split('\n')[0]}\n`);
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await rm(file());
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await rm(system.dir, { recursive: true });
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await system.states(system.url);
  });

  it('that was damaged before its last write keeps the start from going on', async () => {
    const lines = (await readFile(file(), 'utf8')).split('\n');
    lines[0] = (lines[0] as string).replace('"suspension"', '"complaint"');
    await writeFile(file(), lines.join('\n'));
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'chain_broken' });
  });
});
