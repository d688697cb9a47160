import { dataSourceOf, isMigrated, migrate, MIGRATIONS } from '@kyoka/schema';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onDatabase, shapeOf } from './catalog.js';

type Migration = InstanceType<(typeof MIGRATIONS)[number]>;
type Runner = Parameters<Migration['up']>[0];

const NAMES = MIGRATIONS.map((each) => new each().name);

/** Makes a table, and then can't go on. */
class Breaks1999999999999 implements Migration {
  readonly name = 'Breaks1999999999999';

  async up(runner: Runner): Promise<void> {
    await runner.query('create table permissions.half (id uuid primary key)');
    await runner.query('insert into permissions.nowhere default values');
  }

  async down(): Promise<void> {}
}

describe('migrate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await databaseForTests({ migrated: false });
  });
  afterEach(() => database.drop());

  const recorded = () =>
    onDatabase(database.url, async (db) => {
      const rows = await db.query<{ name: string }>('select name from kyoka_migration order by id');
      return rows.map((row) => row.name);
    });

  it('fills an empty database, and then has nothing to do', async () => {
    expect(await isMigrated(database.url)).toBe(false);
    expect(await migrate(database.url)).toEqual(NAMES);
    expect(await isMigrated(database.url)).toBe(true);

    const shape = await onDatabase(database.url, shapeOf);
    expect(await migrate(database.url)).toEqual([]);
    expect(await onDatabase(database.url, shapeOf)).toEqual(shape);
    expect(await recorded()).toEqual(NAMES);
  });

  it('runs once where several start at the same time', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    expect(ran.filter((names) => names.length > 0)).toEqual([NAMES]);
    expect(await recorded()).toEqual(NAMES);
  });

  it('fills several databases of one server at the same time, which share the roles', async () => {
    const others = await Promise.all([1, 2, 3].map(() => databaseForTests({ migrated: false })));
    try {
      const ran = await Promise.all(others.map((other) => migrate(other.url)));
      expect(ran).toEqual(others.map(() => NAMES));
    } finally {
      await Promise.all(others.map((other) => other.drop()));
    }
  });

  it('leaves nothing of a migration that fails, keeps those before it and goes on later', async () => {
    await expect(migrate(database.url, [...MIGRATIONS, Breaks1999999999999])).rejects.toMatchObject(
      { code: 'database_refused', sqlState: '42P01' },
    );
    expect(await recorded()).toEqual(NAMES);
    const halves = await onDatabase(database.url, (db) =>
      db.query(`select 1 where to_regclass('permissions.half') is not null`),
    );
    expect(halves).toEqual([]);
    expect(await migrate(database.url)).toEqual([]);
  });

  it('tells that there is no database, in the words of every other fault', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    for (const ask of [migrate, isMigrated]) {
      await expect(ask(nowhere.href)).rejects.toMatchObject({ code: 'database_unavailable' });
    }
  });

  it('can be taken back to an empty database, the newest first', async () => {
    await migrate(database.url);
    const source = dataSourceOf(database.url);
    await source.initialize();
    try {
      for (const _ of NAMES) await source.undoLastMigration();
    } finally {
      await source.destroy();
    }
    expect(await onDatabase(database.url, shapeOf)).toEqual([]);
    expect(await migrate(database.url)).toEqual(NAMES);
  });
});
