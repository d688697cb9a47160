import { requireSchema } from '@kyoka/schema';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onDatabase } from './catalog.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await databaseForTests();
});
afterAll(() => database.drop());

const NEWER = 'Later1999000000000';

it('takes the schema that it knows, and names the migration of one that is newer or older', async () => {
  await onDatabase(database.url, async (db) => {
    await requireSchema(db);
    await db.query(
      `insert into kyoka_migration (timestamp, name) values (1999000000000, '${NEWER}')`,
    );
    await expect(requireSchema(db)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining(NEWER),
    });
    await db.query(`delete from kyoka_migration where name = '${NEWER}'`);
    await requireSchema(db);
    const [newest] = await db.query<{ name: string }>(
      'delete from kyoka_migration where timestamp = (select max(timestamp) from kyoka_migration) returning name',
    );
    await expect(requireSchema(db)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining(`${newest?.name}: npm run migrate`),
    });
  });
});

it('says of an empty database that everything is missing', async () => {
  const empty = await databaseForTests({ migrated: false });
  await expect(onDatabase(empty.url, requireSchema)).rejects.toMatchObject({
    code: 'schema_mismatch',
  });
  await empty.drop();
});
