import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What ends in `access` goes some time after: the dates by which it is found, and the right to remove it. */
export class Purges1765300000000 implements MigrationInterface {
  readonly name = 'Purges1765300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index session_ends on access.session (ends_at);
      create index sign_in_link_ends on access.sign_in_link (ends_at);
      create index quota_at on access.quota (at);
      grant delete on access.session, access.sign_in_link, access.quota to kyoka_permissions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke delete on access.session, access.sign_in_link, access.quota from kyoka_permissions;
      drop index access.session_ends, access.sign_in_link_ends, access.quota_at;
    `);
  }
}
