import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  backupDatabase,
  backupKeys,
  planRestore,
  pruneKeySets,
  requireApart,
  restoreDatabase,
  restoreKeys,
  setIn,
} from '@kyoka/backup';
import { erasureTask, findUnreadable, letGo } from '@kyoka/erasure';
import type { Identity } from '@kyoka/access';
import { intakeServices, PoliciesInForce } from '@kyoka/edge';
import { readPolicySet, sourcesOfReaders } from '@kyoka/permission-store';
import { registerPublisher } from '@kyoka/intake';
import { MINUTE } from '@kyoka/kernel';
import { inTransaction, openPool, queryable } from '@kyoka/postgres';
import { isMigrated, requireRestored } from '@kyoka/schema';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statesOf } from '../intake/states.js';
import { dumpDatabase } from '../leaks/dump-database.js';
import {
  BUCKET,
  DAY,
  type Erasures,
  erasing,
  granted,
  openErasures,
  ordered,
  parkedConsent,
} from './harness.js';

let system: Erasures;
let empty: TestDatabase;
let place: string;
beforeEach(async () => {
  system = await openErasures();
  empty = await databaseForTests({ migrated: false });
  place = await mkdtemp(join(tmpdir(), 'kyoka-restore-'));
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  await system.take(ordered('taro', 'o-1'), ordered('hana', 'o-2'));
  await system.take(parkedConsent('hana'));
});
afterEach(async () => {
  await empty.drop();
  await rm(place, { recursive: true, force: true });
  await system.close();
});

const keyDir = () => join(system.folder, 'keys');
const journalDir = () => join(system.folder, 'journal');

const backup = async (vault = system.vault) => {
  const sources = {
    url: system.database.url,
    vault,
    checkpointDirs: [],
    journalDir: journalDir(),
  };
  return (await backupDatabase(system.context.backupDir, sources, system.clock.now)).folder;
};

const targetWith = (vault: Vault, journal = journalDir()) => ({
  url: empty.url,
  vault,
  journalDir: journal,
  checkpointDirs: [],
  parkedDays: 14,
  clock: () => system.clock.now,
});

async function restore(folder: string, vault: Vault = system.vault, journal?: string) {
  const plan = await planRestore(folder, vault, system.context.backupDir);
  return restoreDatabase(plan, targetWith(vault, journal));
}

async function inRestored<T>(work: (db: ReturnType<typeof queryable>) => Promise<T>): Promise<T> {
  const pool = await openPool(empty.url, { max: 2, applicationName: 'restore-test' });
  try {
    return await work(queryable(pool));
  } finally {
    await pool.destroy();
  }
}

/** What opens in the restored database, by reference. */
const opened = (vault: Vault) =>
  inRestored(async (db) => {
    const rows = await db.query<{ ref: string; id: string; kind: string; sealed: Buffer }>(
      `select s.ref, s.id, c.kind, c.sealed from permissions.contact_point c
       join permissions.subject s on s.id = c.subject_id order by 1`,
    );
    return rows.map(({ ref, id, kind, sealed }) => [
      ref,
      vault.open(sealed, { subject: id, field: kind }),
    ]);
  });

const OF_A_CLUSTER = /outbox$|contact_cursor$|^permissions\.vault$/;

/** Rows without what belongs to one cluster: numbers of transactions and of outbox messages; and the vault, which the first start enters. */
async function contentsOf(url: string): Promise<Record<string, string[]>> {
  const tables = await dumpDatabase(url);
  return Object.fromEntries(
    tables
      .filter(({ name }) => !OF_A_CLUSTER.test(name))
      .map(({ name, text }) => [
        name,
        text
          .replace(/,\d+\)$/gm, ',TX)')
          .split('\n')
          .sort(),
      ]),
  );
}

describe('a backup that is put back', () => {
  it('is the same database, its outbox in the same order', async () => {
    const folder = await backup();
    expect(await restore(folder)).toMatchObject({ stops: 0, erased: 0, unexplained: 0 });
    expect(await contentsOf(empty.url)).toEqual(await contentsOf(system.database.url));
    const payloads = 'select payload from permissions.outbox order by tx, id';
    expect(await inRestored((db) => db.query(payloads))).toEqual(await system.db.query(payloads));
    expect(await opened(system.vault)).toEqual([
      ['hana', 'hana@example.jp'],
      ['taro', 'taro@example.jp'],
    ]);
  });

  it('knows a stop that came after it before anything is released', async () => {
    const folder = await backup();
    await system.take(erasing({ ref: 'hana' }));
    expect(await restore(folder)).toMatchObject({ stops: 1, journal: 'kept' });
    const states = await inRestored((db) => statesOf(db));
    expect(states['store/hana']).toMatchObject({ stops: [{ kind: 'erasure', through: 'own' }] });
    expect(states['store/taro']).toMatchObject({ stops: [] });
  });

  it('made before an erasure gives back everybody but the erased', async () => {
    const folder = await backup();
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    const report = await restore(folder);
    expect(report).toMatchObject({ rows: 1, erased: 1, unexplained: 0, stops: 1 });
    expect(await opened(system.vault)).toEqual([['hana', 'hana@example.jp']]);
    const states = await inRestored((db) => statesOf(db));
    expect(states['store/taro']).toMatchObject({ category: 'unknown', contacts: [] });
    expect(
      await inRestored((db) => db.query('select order_ref from permissions.order_line')),
    ).toEqual([{ order_ref: 'o-2' }]);
  });

  it('with keys copied before the erasure, too: the copied key of the erased goes again', async () => {
    const folder = await backup();
    await backupKeys(keyDir(), place, system.clock.now);
    const set = await setIn(place, 'keys');
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    // The keys of the set know nothing of the newer key, so all opens as it did when they were copied.
    const restored = join(system.folder, 'restored-keys');
    await restoreKeys(set, restored, system.clock.now);
    const older = await openVault({ keyDir: restored });
    expect(await restore(folder, older)).toMatchObject({ stops: 1, rows: 0 });
    expect((await opened(older)).map(([ref]) => ref)).toEqual(['hana', 'taro']);
    // The erasure is known from the journal and is carried out here as it was there.
    const pool = await openPool(empty.url, {
      role: 'kyoka_permissions',
      max: 4,
      applicationName: 't',
    });
    const there = await mkdtemp(join(tmpdir(), 'kyoka-there-'));
    try {
      await queryable(pool).query('update permissions.stop_act set fanned_out_at = committed_at');
      const task = erasureTask({ pool, vault: older, backupDir: there, parkedDays: 14 });
      await task.run(system.clock.now);
      await task.run(system.clock.now + 2 * MINUTE);
    } finally {
      await pool.destroy();
      await rm(there, { recursive: true, force: true });
    }
    expect(await opened(older)).toEqual([['hana', 'hana@example.jp']]);
    expect(older.bucketVersions(BUCKET)).toEqual([2]);
  });

  /** A token, a recipient that is on, one that is off, an audience with a list, and a publisher. */
  async function rightsAndSwitches() {
    const pool = await openPool(system.database.url, { max: 1, applicationName: 'owner' });
    try {
      const db = queryable(pool);
      await db.query(
        `insert into access.token (id, hash, name, owner, roles, scopes, makers, starts_at, ends_at, created_at)
         values ($1, 'h', 'n', 'user:sato', '{}', '{}', '{}', now(), '2099-01-01', now())`,
        [TOKEN],
      );
      await db.query(
        `insert into permissions.reader (id, name, topic, sources, valid_until, registered_at, registered_by)
         values (gen_random_uuid(), 'mails', 'kyoka.permissions.v1', '{store}', '2099-01-01', now(), 'user:sato')`,
      );
      await db.query(
        `insert into audiences.recipient (id, kind, items, registered_by, registered_at)
         values ('google', 'ad_network', '{}', 'user:sato', now())`,
      );
      await db.query(
        `insert into audiences.switch_act (id, target, target_id, act, by_user, at)
         select gen_random_uuid(), 'recipient', v.id, v.act, 'user:sato', now()
         from (values ('google', 'requested'), ('google', 'approved'), ('meta', 'approved'), ('meta', 'off')) v (id, act)`,
      );
      await db.query(
        `insert into audiences.audience (id, name, segment, policy, purpose, content_owner, recipient_id,
           period_from, period_to, users, owner, list_ref, list_destination, ends_at, created_at)
         values ($1, 'n', '{}', 'almado@1', 'ad_matching', 'own', 'google', '2026-11-01', '2099-01-01', '{}',
           'user:sato', 'list-1', 'https://ads.example/1', '2099-01-01', now())`,
        [AUDIENCE],
      );
    } finally {
      await pool.destroy();
    }
    const registering = { name: 'shop', sources: ['store'], types: [], validUntil: MUCH_LATER };
    const act = { by: 'user:sato', clock: () => system.clock.now };
    return inTransaction(system.pool, (tx) =>
      registerPublisher(tx, system.vault, registering, act),
    );
  }
  const TOKEN = '7d1a2c54-3b6e-4c1f-8a90-5e2f7b9c0d11';
  const AUDIENCE = '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21';
  const MUCH_LATER = Date.parse('2098-01-01T00:00:00Z');

  const standing = () =>
    inRestored(async (db) => ({
      tokens: (await db.query('select from access.token where revoked_at is null')).length,
      readers: await sourcesOfReaders(db, 'kyoka.permissions.v1', system.clock.now),
      on: (
        await db.query<{ id: string }>('select id from audiences.v_recipient where switched_on')
      ).map(({ id }) => id),
      audiences: (await db.query('select from audiences.audience where ended_at is null')).length,
      keys: (
        await db.query<{ ends: string; revoked: string | null }>(
          `select k.ends_at::text as ends, p.revoked_by as revoked
           from intake.publisher_key k join intake.publisher p on p.id = k.publisher_id
           where p.name in ('shop', 'mall') order by p.name desc`,
        )
      ).map(({ ends, revoked }) => [Date.parse(ends) > system.clock.now, revoked]),
    }));

  it('ends its rights, switches and audiences, some of which may have ended since, and names the lists', async () => {
    await rightsAndSwitches();
    const folder = await backup();
    expect(await restore(folder)).toMatchObject({
      ended: { tokens: 1, readers: 1, switches: 1, publisherKeys: 0 },
      lists: [
        {
          recipient: 'google',
          audience: AUDIENCE,
          list: 'list-1',
          destination: 'https://ads.example/1',
        },
      ],
    });
    expect(await standing()).toEqual({
      tokens: 0,
      readers: [],
      on: [],
      audiences: 0,
      keys: [[true, null]],
    });
  });

  it('keeps them where somebody says that nothing was changed since', async () => {
    await rightsAndSwitches();
    const plan = await planRestore(await backup(), system.vault, system.context.backupDir);
    const target = { ...targetWith(system.vault), keepRights: true };
    expect(await restoreDatabase(plan, target)).toMatchObject({ ended: 'kept', lists: [] });
    const [here, there] = [await contentsOf(empty.url), await contentsOf(system.database.url)];
    // A trigger writes them as recipients are registered, and not again as they are put back.
    expect(here['audiences.recipient_version']).toEqual(there['audiences.recipient_version']);
    expect(await standing()).toEqual({
      tokens: 1,
      readers: ['store'],
      on: ['google'],
      audiences: 1,
      keys: [[true, null]],
    });
  });

  it('knows a publisher that was revoked since, and keys that another has replaced, from the journal', async () => {
    const revoked = await rightsAndSwitches();
    const act = { by: 'user:suzuki', clock: () => system.clock.now };
    const { publisher: rotated } = await inTransaction(system.pool, (tx) =>
      registerPublisher(
        tx,
        system.vault,
        { name: 'mall', sources: ['store'], types: [], validUntil: MUCH_LATER },
        act,
      ),
    );
    const folder = await backup();
    system.clock.now += MINUTE;
    const { publishers: service } = intakeServices({
      permissions: system.pool,
      vault: system.vault,
      clock: act.clock,
      intake: system.ports,
      inForce: new PoliciesInForce(system.db, await readPolicySet('deploy')),
    });
    const by: Identity = {
      owner: act.by,
      credential: TOKEN,
      roles: [],
      scopes: new Set(),
      startsAt: 0,
      endsAt: MUCH_LATER,
      makers: [],
    };
    await service.revoke(revoked.publisher.id, 'lost', by);
    await service.rotate(rotated.id, {}, by);
    system.clock.now += MINUTE;
    expect(await restore(folder)).toMatchObject({ journal: 'kept', ended: { publisherKeys: 0 } });
    expect((await standing()).keys).toEqual([
      [false, 'user:suzuki'],
      [false, null],
    ]);
  });

  it('ends every publisher where the journal that would know is lost', async () => {
    await rightsAndSwitches();
    const report = await restore(await backup(), system.vault, join(place, 'journal'));
    expect(report).toMatchObject({ journal: 'from_backup', ended: { publisherKeys: 2 } });
    expect((await standing()).keys).toEqual([[false, null]]);
  });

  it('where the journal is lost, takes the one in the backup', async () => {
    await system.take(erasing({ ref: 'hana' }));
    const folder = await backup();
    const elsewhere = join(place, 'journal');
    expect(await restore(folder, system.vault, elsewhere)).toMatchObject({
      journal: 'from_backup',
      stops: 0,
    });
    expect(await readdir(elsewhere)).not.toEqual([]);
  });
});

describe('a restore that is killed before its erasures are applied', () => {
  /** The first moment that is asked for comes after the load and the journal. */
  async function killed(folder: string): Promise<void> {
    const plan = await planRestore(folder, system.vault, system.context.backupDir);
    const clock = () => {
      throw new Error('the process ends here');
    };
    await expect(restoreDatabase(plan, { ...targetWith(system.vault), clock })).rejects.toThrow(
      'the process ends here',
    );
  }
  const halfRestored = { code: 'restore_unfinished' };
  let folder: string;
  beforeEach(async () => {
    folder = await backup();
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    await killed(folder);
  });

  it('keeps every service from starting, and is taken up by the same restore', async () => {
    await expect(inRestored(requireRestored)).rejects.toMatchObject(halfRestored);
    await expect(isMigrated(empty.url)).rejects.toMatchObject(halfRestored);
    const other = await backup();
    await expect(restore(other)).rejects.toMatchObject({ code: 'conflict' });
    expect(await restore(folder)).toMatchObject({ rows: 1, erased: 1, unexplained: 0 });
    expect(await opened(system.vault)).toEqual([['hana', 'hana@example.jp']]);
    await inRestored(requireRestored);
  });

  /** What a service would do that starts all the same: it knows of an erasure in the bucket. */
  async function rotates(): Promise<unknown> {
    const pool = await openPool(empty.url, {
      role: 'kyoka_permissions',
      max: 4,
      applicationName: 't',
    });
    try {
      await queryable(pool).query(
        `insert into permissions.bucket_rotation (bucket, version, state, started_at) values ($1, 3, 'making', now())`,
        [BUCKET],
      );
      return await erasureTask({ ...system.context, pool }).run(system.clock.now);
    } finally {
      await pool.destroy();
    }
  }

  it('loses nobody to a rotation: rows kept beside the backups go into the new file', async () => {
    await expect(rotates()).rejects.toMatchObject({ code: 'key_missing' });
    expect(await restore(folder)).toMatchObject({ erased: 1, unexplained: 0 });
    expect(await opened(system.vault)).toEqual([['hana', 'hana@example.jp']]);
  });
});

describe('a backup is refused', () => {
  it('into a database that holds something, which is left as it is', async () => {
    const folder = await backup();
    await restore(folder);
    const before = await contentsOf(empty.url);
    await expect(restore(folder)).rejects.toMatchObject({ code: 'conflict' });
    expect(await contentsOf(empty.url)).toEqual(before);
  });

  it.each([
    ['a changed file', 'permissions.consent.jsonl.gz'],
    ['a changed manifest', 'manifest.json'],
    ['a changed copy of the journal', 'journal/test.jsonl'],
  ])('with %s, which it names', async (_, file) => {
    const folder = await backup();
    if (file === 'manifest.json') {
      const text = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), text.replace('"rows": 2', '"rows": 1'));
    } else {
      await appendFile(join(folder, file), 'x');
    }
    await expect(restore(folder)).rejects.toMatchObject({
      code: 'seal_broken',
      message: expect.stringContaining(file) as string,
    });
    expect((await dumpDatabase(empty.url)).length).toBe(0);
  });

  it('under the keys of somebody else, or with a part missing', async () => {
    const other = await openVault({ keyDir: join(place, 'other'), create: true });
    await expect(backup(other)).rejects.toMatchObject({ code: 'key_missing' });
    const folder = await backup();
    await expect(backup()).rejects.toMatchObject({ code: 'conflict' });
    await expect(restore(folder, other)).rejects.toMatchObject({
      code: 'key_missing',
      message: expect.stringContaining('other keys') as string,
    });
    await rm(join(folder, 'manifest.json'));
    await expect(restore(folder)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('under keys older than it', async () => {
    await backupKeys(keyDir(), place, system.clock.now);
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    const folder = await backup();
    const restored = join(system.folder, 'restored-keys');
    await restoreKeys(await setIn(place, 'keys'), restored, system.clock.now);
    const older = await openVault({ keyDir: restored });
    await expect(restore(folder, older)).rejects.toMatchObject({
      code: 'key_missing',
      message: expect.stringContaining('older than the backup') as string,
    });
  });
});

describe('a copy of the keys', () => {
  it('is a set of its own, destroyed after 14 days and not put back after that', async () => {
    const first = await backupKeys(keyDir(), place, system.clock.now);
    const kept = join(system.folder, 'kept');
    await cp(first.folder, join(kept, 'keys-20261120T010000Z'), { recursive: true });
    await writeFile(join(first.folder, '.master.0.tmp'), 'left by a kill');
    const later = system.clock.now + 14 * DAY + 1_000;
    expect(await backupKeys(keyDir(), place, later)).toMatchObject({
      destroyed: ['keys-20261120T010000Z'],
    });
    expect(await readdir(place)).toEqual(['keys-20261204T010001Z']);
    await expect(
      restoreKeys(join(kept, 'keys-20261120T010000Z'), join(place, 'new'), later),
    ).rejects.toMatchObject({ code: 'key_missing' });
    await openVault({ keyDir: join(place, 'others'), create: true });
    await expect(
      restoreKeys(await setIn(place, 'keys'), join(place, 'others'), later),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('cut off in the middle is not taken for a set, and goes after a while', async () => {
    await backupKeys(keyDir(), place, system.clock.now);
    // What a kill leaves of a newer one: a name of its own, some files.
    const draft = join(place, '.keys-20261120T010001Z.0123456789ab');
    await cp(keyDir(), draft, { recursive: true });
    await rm(join(draft, (await readdir(draft))[0] as string));
    expect(await setIn(place, 'keys')).toBe(join(place, 'keys-20261120T010000Z'));
    expect(await pruneKeySets(place, system.clock.now + MINUTE)).toEqual([]);
    const gone = await pruneKeySets(place, system.clock.now + 2 * 60 * MINUTE);
    expect(gone).toEqual([basename(draft)]);
    expect(await readdir(place)).toEqual(['keys-20261120T010000Z']);
  });

  it('is destroyed by several at once, and beside one that is being made', async () => {
    await backupKeys(keyDir(), place, system.clock.now);
    const later = system.clock.now + 15 * DAY;
    const [made, ...pruned] = await Promise.all([
      backupKeys(keyDir(), place, later),
      pruneKeySets(place, later),
      pruneKeySets(place, later),
    ]);
    expect([...made.destroyed, ...pruned.flat()]).toContain('keys-20261120T010000Z');
    expect(await readdir(place)).toEqual([basename(made.folder)]);
    expect((await readdir(made.folder)).length).toBe((await readdir(keyDir())).length);
    expect(await pruneKeySets(join(place, 'nowhere'), later)).toEqual([]);
  });

  it('that was put back in part is put back whole by the same command', async () => {
    const { folder } = await backupKeys(keyDir(), place, system.clock.now);
    const half = join(place, 'half');
    await cp(folder, half, { recursive: true });
    await rm(join(half, (await readdir(half))[0] as string));
    await restoreKeys(folder, half, system.clock.now);
    expect((await openVault({ keyDir: half })).id).toBe(system.vault.id);
  });

  it('never lies with the database, nor the database with it', async () => {
    const folder = await backup();
    const wrong = { code: 'config_invalid' };
    const keys = { holds: 'keys', away: [system.context.backupDir] } as const;
    await expect(requireApart(system.context.backupDir, keys)).rejects.toMatchObject(wrong);
    await expect(requireApart(folder, keys)).rejects.toMatchObject(wrong);
    await backupKeys(keyDir(), place, system.clock.now);
    const database = { holds: 'database', away: [keyDir()] } as const;
    await expect(requireApart(place, database)).rejects.toMatchObject(wrong);
    await expect(requireApart(keyDir(), database)).rejects.toMatchObject(wrong);
    await requireApart(join(place, 'elsewhere'), database);
  });
});

it('holds no contact value, and no key', async () => {
  const folder = await backup();
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.gz')) continue;
    const text = gunzipSync(await readFile(join(folder, name))).toString();
    expect([name, text.includes('taro@example.jp')]).toEqual([name, false]);
  }
  expect(await readdir(folder)).not.toContain('kek');
});

describe('values whose key is gone though nobody erased them', () => {
  it('are not those under a key that another process has made meanwhile', async () => {
    const stale = await openVault({ keyDir: keyDir() });
    await system.vault.addBucketKey(BUCKET, 2);
    await system.take(granted('ken', 'ken@example.jp'));
    expect(await letGo({ ...system.context, vault: stale }, system.clock.now)).toBe(0);
  });

  it('hold up the erasures of their bucket until they are given up, and come back with the next event', async () => {
    await system.vault.addBucketKey(BUCKET, 2);
    await system.vault.destroyBucketKeysBefore(BUCKET, 2);
    const [id = ''] = await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await expect(system.run()).rejects.toMatchObject({ code: 'key_missing' });
    expect(await findUnreadable(system.context)).toEqual({
      contactPoints: 1,
      subjects: 1,
      buckets: [BUCKET],
    });
    const before = await system.states();

    expect(await letGo(system.context, system.clock.now)).toBe(1);
    await system.settle();
    expect((await system.read(id))?.state).toBe('erased');
    expect(await findUnreadable(system.context)).toMatchObject({ contactPoints: 0 });
    expect((await system.states())['store/hana']).toEqual(before['store/hana']);
    expect(
      await system.db.query(`select subject_id from permissions.ledger where act = 'value_lost'`),
    ).toEqual([{ subject_id: await system.idOf('hana') }]);
    // A backup and a stop pass it over and reach it, and its source brings it back.
    await restore(await backup());
    await system.take(ordered('hana', 'o-3'));
    expect((await system.ciphertexts()).map(({ sealed }) => sealed.length)).toEqual([0]);
    await system.take(granted('hana', 'hana@example.jp'));
    const [row] = await system.ciphertexts();
    const bind = { subject: await system.idOf('hana'), field: 'email' };
    expect(system.vault.open(row?.sealed ?? Buffer.of(), bind)).toBe('hana@example.jp');
  });
});
