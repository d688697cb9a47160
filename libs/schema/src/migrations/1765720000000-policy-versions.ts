import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What went live, as it was: the file of each policy version that two people switched on. It holds what
 * the company publishes and no personal data, and never changes; decisions read it in place of a file
 * that was changed, broken or removed afterwards.
 */
export class PolicyVersions1765720000000 implements MigrationInterface {
  readonly name = 'PolicyVersions1765720000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audiences.policy_version (
        id text primary key,
        file_sha256 text not null,
        text_sha256 text,
        file text not null,
        at timestamptz(3) not null
      );
      create trigger append_only before update or delete on audiences.policy_version
        for each row execute function audiences.refuse_change();
      create trigger append_only_all before truncate on audiences.policy_version
        for each statement execute function audiences.refuse_change();
      create view audiences.v_policy_version as select * from audiences.policy_version;
      create view audiences.v_policy_act as
        select seq, target_id as id, act, by_user, at from audiences.switch_act where target = 'policy';
      grant select, insert on audiences.policy_version to kyoka_audiences;
      grant select on audiences.v_policy_version, audiences.v_policy_act to kyoka_permissions, kyoka_audiences;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop view audiences.v_policy_act; drop view audiences.v_policy_version; drop table audiences.policy_version',
    );
  }
}
