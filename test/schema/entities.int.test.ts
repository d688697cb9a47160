import { dataSourceOf } from '@kyoka/schema';
import { databaseForTests } from '@kyoka/testing';
import { describe, expect, it } from 'vitest';
import { onDatabase, shapeOf } from './catalog.js';

/** What the migrations say and TypeORM has no words for, and what it says instead. */
const WITHOUT_WORDS = [
  // The order of a column within an index.
  {
    ours: 'CREATE INDEX switch_act_target ON audiences.switch_act USING btree (target, target_id, seq DESC)',
    typeorm:
      'CREATE INDEX switch_act_target ON audiences.switch_act USING btree (target, target_id, seq)',
  },
  // An index of an expression.
  {
    ours: 'CREATE INDEX contact_point_key ON permissions.contact_point USING btree (SUBSTRING(sealed FROM 1 FOR 7))',
    typeorm: undefined,
  },
  // An index of the parts of a list.
  {
    ours: 'CREATE INDEX erasure_tokens ON permissions.erasure USING gin (tokens)',
    typeorm: undefined,
  },
  // The same within a body.
  {
    ours: "CREATE INDEX ledger_folds ON permissions.ledger USING gin (((body -> 'folds'::text))) WHERE (body ? 'folds'::text)",
    typeorm: undefined,
  },
  // An identity that no insert can set; EntitySchema knows a sequence as the default only.
  ...[
    'audiences.gate_refusal id',
    'audiences.outbox id',
    'audiences.recipient_version seq',
    'audiences.switch_act seq',
    'permissions.outbox id',
  ].map((column) => ({
    ours: `${column} bigint not null always counted`,
    typeorm: `${column} bigint not null default nextval('${column.replace(' ', '_')}_seq'::regclass)`,
  })),
];

/** The statements with which TypeORM would make a database what the entities say. */
async function changesWanted(url: string): Promise<string[]> {
  const source = dataSourceOf(url);
  await source.initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

describe('entities and migrations', () => {
  it('leave TypeORM nothing to change, until a column differs', async () => {
    const database = await databaseForTests();
    try {
      expect(await changesWanted(database.url)).toEqual([]);

      await onDatabase(database.url, (db) =>
        db.query('alter table permissions.consent alter column actor drop not null'),
      );
      const wanted = await changesWanted(database.url);
      expect(wanted.join('\n')).toContain('"permissions"."consent" ALTER COLUMN "actor"');
    } finally {
      await database.drop();
    }
  });

  it('make the same schema, predicates of indexes and checks included', async () => {
    const migrated = await databaseForTests();
    const made = await databaseForTests({ migrated: false });
    try {
      const source = dataSourceOf(made.url);
      await source.initialize();
      await source.query(
        'create schema intake; create schema permissions; create schema audiences; create schema access',
      );
      await source.synchronize();
      await source.destroy();

      const ours = await onDatabase(migrated.url, shapeOf);
      const typeorm = await onDatabase(made.url, shapeOf);
      const by = (a: string, b: string) => (a < b ? -1 : 1);
      expect(ours.length).toBeGreaterThan(300);
      expect(ours.filter((line) => !typeorm.includes(line)).sort(by)).toEqual(
        WITHOUT_WORDS.map((one) => one.ours).sort(by),
      );
      expect(typeorm.filter((line) => !ours.includes(line)).sort(by)).toEqual(
        WITHOUT_WORDS.flatMap((one) => one.typeorm ?? []).sort(by),
      );
    } finally {
      await migrated.drop();
      await made.drop();
    }
  });
});
