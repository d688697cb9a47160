import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of the company's pages are read by: the newest suspensions, and the overdue removals. */
export class Console1765100000000 implements MigrationInterface {
  readonly name = 'Console1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index stop_act_newest on permissions.stop_act (committed_at, id)
        where kind in ('suspension', 'erasure');
      create index removal_overdue on audiences.removal (due_by, id) where state = 'overdue';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index permissions.stop_act_newest, audiences.removal_overdue');
  }
}
