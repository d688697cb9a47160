import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A confirmed wish that isn't carried out yet knows when it is looked at again. */
export class ConfirmedWishes1765400000001 implements MigrationInterface {
  readonly name = 'ConfirmedWishes1765400000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table permissions.page_confirmation add column due_at timestamptz(3);
      create index page_confirmation_open on permissions.page_confirmation (due_at) where done_at is null;
      update permissions.page_confirmation set due_at = used_at where used_at is not null and done_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table permissions.page_confirmation drop column due_at');
  }
}
