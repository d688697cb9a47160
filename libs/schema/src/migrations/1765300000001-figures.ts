import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Totals over whole tables, counted now and then: pages show these where counting takes long. */
export class Figures1765300000001 implements MigrationInterface {
  readonly name = 'Figures1765300000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const schema of ['permissions', 'audiences']) {
      await runner.query(`
        create table ${schema}.figure (
          name text primary key,
          at timestamptz(3) not null,
          took_ms integer not null,
          value jsonb not null
        );
        grant select, insert, update on ${schema}.figure to kyoka_${schema};
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table permissions.figure, audiences.figure');
  }
}
