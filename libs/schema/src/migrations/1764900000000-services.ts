import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What each role reads of another's when it runs as a process of its own, under its own role and no
 * other: which migrations ran, whose keys the database belongs to, how far the journals are applied,
 * what became of audiences and
 * removals, and who holds a token or a session.
 */
export class Services1764900000000 implements MigrationInterface {
  readonly name = 'Services1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      grant select on public.kyoka_migration to kyoka_permissions, kyoka_audiences;
      create view permissions.v_vault as select id from permissions.vault;
      grant select on permissions.v_vault to kyoka_audiences, kyoka_permissions;
      grant usage on schema intake to kyoka_audiences;
      create view intake.v_journal_position as select writer, position from intake.journal_position;
      grant select on intake.v_journal_position to kyoka_audiences, kyoka_permissions;
      create view audiences.v_audience as select * from audiences.audience;
      create view audiences.v_removal as select * from audiences.removal;
      create view audiences.v_removal_stop as select * from audiences.removal_stop;
      create view audiences.v_release as select * from audiences.release;
      grant select on audiences.v_audience, audiences.v_removal, audiences.v_removal_stop, audiences.v_release
        to kyoka_permissions, kyoka_audiences;
      grant select on access.token, access.person, access.session to kyoka_audiences;
      grant update (seen_at) on access.session to kyoka_audiences;
      grant select, insert, update on access.quota to kyoka_audiences;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view audiences.v_audience, audiences.v_removal, audiences.v_removal_stop, audiences.v_release;
      drop view intake.v_journal_position, permissions.v_vault;
      revoke usage on schema intake from kyoka_audiences;
      revoke all on access.token, access.person, access.session, access.quota from kyoka_audiences;
      revoke select on public.kyoka_migration from kyoka_permissions, kyoka_audiences
    `);
  }
}
