import { join } from 'node:path';
import { cp, rm } from 'node:fs/promises';
import { pruneKeySets } from '@kyoka/backup';
import { erasureTask, readErasures } from '@kyoka/erasure';
import { expireParked } from '@kyoka/intake';
import { DAY, type Instant, MINUTE } from '@kyoka/kernel';
import {
  EMBEDDED_PASSWORD,
  openPool,
  type Queryable,
  queryable,
  startEmbedded,
} from '@kyoka/postgres';
import { eventually } from '@kyoka/testing';
import { type SampleCompany, sampleContacts, type SampleEvent } from '@kyoka/sample';
import { openVault, type Vault } from '@kyoka/vault';
import { contactsIn, knownBy } from './people.js';
import { readablesIn } from './search/plain.js';
import { databaseOf, type LoadedSystem } from './system/loaded-system.js';
import {
  openAll,
  openContactsIn,
  type Openings,
  sealingKeys,
  withCopied,
} from './system/openings.js';
import { openCopied } from './system/thief.js';

export interface ErasedReport {
  /** The day that the receipt names. */
  readonly unreadableAfter: string;
  /** What the keys that are left open of the erased person in the older copy, the newer one and the restored one. */
  readonly ofErased: number;
  /** Of everybody, in the older copy: with no key destroyed it would be all of them. */
  readonly olderOpened: number;
  readonly olderSealed: number;
  /** Contact points of everybody else that are readable in what was restored, and how many there should be. */
  readonly restored: number;
  readonly expected: number;
  /** What the keys of the day before the erasure open of the person in the older copy: everything. */
  readonly before: number;
}

/** Who shares nothing with anybody, was never stopped, and has an address and a number; one that a network holds, if any. */
const SOMEBODY = `
  select s.id, s.source || '/' || s.ref as ref from permissions.subject s
  join permissions.contact_point c on c.subject_id = s.id
  where s.source = 'store' and not exists (select from permissions.stop_act a where a.subject_id = s.id)
    and not exists (select from permissions.contact_point mine
      join permissions.contact_point other on other.fold = mine.fold
      where mine.subject_id = s.id and other.subject_id <> s.id)
  group by s.id having count(distinct c.kind) filter (where c.kind in ('email', 'phone')) = 2
  order by exists (select from audiences.member m where m.subject_id = s.id) desc, s.id limit 1`;

/**
 * Erases one person by the product's own way, moves the clock past the day of the receipt, lets what has a
 * term end, and tries every key that is left: on the copy from before, on the system as it is then, and on
 * the backup from before as `kyoka restore` puts it back.
 *
 * @param copy of before the erasure
 */
export async function eraseOne(
  system: LoadedSystem,
  { copy, work }: { readonly copy: string; readonly work: string },
): Promise<ErasedReport> {
  const { settings } = system;
  const keysOf = (keyDir: string) => openVault({ keyDir, dataDir: settings.dataDir });
  const keysBefore = join(work, 'keys-before');
  await cp(settings.keyDir, keysBefore, { recursive: true });
  const older = await openCopied(copy, join(work, 'older'));
  try {
    const [somebody] = await withCopied(older.url, (db) =>
      db.query<{ id: string; ref: string }>(SOMEBODY),
    );
    if (somebody === undefined) throw new Error('nobody fits');
    const ofThem = opensOf(system, somebody);
    const before = await withCopied(older.url, async (db) =>
      ofThem(await openAll(db, await keysOf(keysBefore))),
    );
    const id = await askedFor(system, somebody.ref);
    const { unreadableAfter, at } = await carriedOut(system, id);
    await rm(keysBefore, { recursive: true });
    await pruneKeySets(system.keyCopies, at);

    const left = await keysOf(settings.keyDir);
    const newer = await inDatabaseOf(settings.dataDir, left, (db) => openAll(db, left));
    const [olderValues, keys] = await withCopied(older.url, async (db) => [
      await openAll(db, left),
      await sealingKeys(db, left),
    ]);
    const olderSealed = await openContactsIn(join(copy, 'dump'), (kid) => keys.get(kid));
    const there = join(work, 'restored');
    await system.kyoka(['restore', '--from', settings.backupDir], { KYOKA_DATA_DIR: there });
    const restored = await inDatabaseOf(there, left, (db) => openAll(db, left));
    return {
      unreadableAfter,
      before,
      ofErased: [newer, olderValues, olderSealed, restored].reduce(
        (n, each) => n + ofThem(each),
        0,
      ),
      olderOpened: pointsOf(olderValues),
      olderSealed: olderValues.sealed,
      restored: pointsOf(restored),
      expected: pointsOf(newer),
    };
  } finally {
    await older.stop();
  }
}

/** Counts what was opened of a subject, by its id and by what the sample gave it. */
function opensOf({ company }: LoadedSystem, { id, ref }: { id: string; ref: string }) {
  const known = knownBy(contactsIn(sampleContacts({ ...company, events: eventsOf(company, ref) })));
  return ({ opened }: Openings): number =>
    opened.filter(({ subject, text }) => {
      let isTheirs = subject === id;
      readablesIn(Buffer.from(text), known, () => (isTheirs = true));
      return isTheirs;
    }).length;
}

function eventsOf({ events }: SampleCompany, ref: string): SampleEvent[] {
  return events.filter(({ draft }) => {
    const { subject } = draft.data as { subject?: { source: string; ref: string } };
    return subject !== undefined && `${subject.source}/${subject.ref}` === ref;
  });
}

const pointsOf = ({ opened }: Openings): number =>
  opened.filter(({ subject }) => subject !== undefined).length;

/** Asks for the erasure as the company's people do, and waits until the rows are gone and the rest is sealed again. */
async function askedFor(system: LoadedSystem, ref: string): Promise<string> {
  await system.start();
  const { id } = (await system.kyoka(['erase', ref])) as { id: string };
  const vault = await openVault({ keyDir: system.settings.keyDir });
  await withCopied(await databaseOf(system, vault), (db) =>
    eventually(
      'the erasure is under way',
      async () => {
        const [row] = await db.query<{ ready: boolean }>(
          `select e.state <> 'waiting' and not exists (
             select from permissions.erasure_subject s where s.erasure_id = e.id and not exists (
               select from permissions.bucket_rotation r where r.bucket = s.bucket
                 and r.version > s.key_version and r.state in ('resealed', 'done'))) as ready
           from permissions.erasure e where e.id = $1`,
          [id],
        );
        return row?.ready === true;
      },
      { withinMs: 2 * MINUTE, everyMs: 250 },
    ),
  );
  await system.stop();
  return id;
}

/** Moves the clock: first so far that the old keys end, then past the day that the receipt names. */
async function carriedOut(
  { settings }: LoadedSystem,
  id: string,
): Promise<{ unreadableAfter: string; at: Instant }> {
  const { keyDir, dataDir, backupDir, parkedDays } = settings;
  const vault = await openVault({ keyDir, dataDir });
  return inDatabaseOf(dataDir, vault, async (_, url) => {
    const role = 'kyoka_permissions';
    const pool = await openPool(url, { role, max: 4, applicationName: 'attack' });
    try {
      const task = erasureTask({ pool, vault, backupDir, parkedDays });
      for (const minutes of [0, 2, 4]) {
        while ((await task.run(Date.now() + minutes * MINUTE)) > 0);
      }
      const [receipt] = await readErasures(queryable(pool), [id]);
      const unreadableAfter = receipt?.unreadableAfter;
      if (unreadableAfter === undefined) throw new Error('there is no receipt');
      const at = Date.parse(`${unreadableAfter}T00:00:00+09:00`) + DAY;
      await expireParked({ pool, vault }, { now: at, days: parkedDays });
      return { unreadableAfter, at };
    } finally {
      await pool.destroy();
    }
  });
}

async function inDatabaseOf<T>(
  dataDir: string,
  vault: Vault,
  work: (db: Queryable, url: string) => Promise<T>,
): Promise<T> {
  const password = vault.secret(EMBEDDED_PASSWORD).toString('base64url');
  const server = await startEmbedded({ dataDir, password });
  try {
    return await withCopied(server.url, (db) => work(db, server.url));
  } finally {
    await server.stop();
  }
}
