import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a contact point was first and last seen was written with each event and read by nobody. Without
 * it, an event that tells nothing new of a known contact point leaves its row alone.
 */
export class KnownContacts1765750000000 implements MigrationInterface {
  readonly name = 'KnownContacts1765750000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view permissions.v_contact_point;
      alter table permissions.contact_point drop column first_at, drop column last_at;
      ${VIEW}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view permissions.v_contact_point;
      alter table permissions.contact_point
        add column first_at timestamptz(3) not null default now(),
        add column last_at timestamptz(3) not null default now();
      ${VIEW}
    `);
  }
}

const VIEW = `
create view permissions.v_contact_point as select * from permissions.contact_point;
grant select on permissions.v_contact_point to kyoka_audiences, kyoka_permissions;
`;
