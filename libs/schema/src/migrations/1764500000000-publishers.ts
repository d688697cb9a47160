import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Publishers and their keys, readers of the output topics, and what a person does about parked
 * originals. A publisher's secret lies here as ciphertext of the vault only.
 */
export class Publishers1764500000000 implements MigrationInterface {
  readonly name = 'Publishers1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PUBLISHERS);
    await runner.query(PARKED);
    await runner.query(READERS);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view permissions.v_reader;
      drop table permissions.reader, intake.publisher_key, intake.publisher;
      drop function intake.refuse_later_end();
      drop index intake.parked_stops;
      alter table intake.parked drop column stop, drop column publisher_id, drop column dismissed_at,
        drop column dismissed_by, drop column dismiss_reason, drop constraint parked_state_check,
        add constraint parked_state_check check (state in ('parked', 'replayed', 'expired'))
    `);
  }
}

// What has ended stays ended: not even the role that ends keys can give one a later end.
const PUBLISHERS = `
create table intake.publisher (
  id uuid primary key,
  name text not null,
  sources text[] not null,
  types text[] not null,
  valid_until timestamptz(3) not null,
  registered_at timestamptz(3) not null,
  registered_by text not null,
  revoked_at timestamptz(3),
  revoked_by text,
  revoke_reason text
);
create table intake.publisher_key (
  kid text primary key,
  publisher_id uuid not null references intake.publisher (id),
  sealed bytea not null,
  created_at timestamptz(3) not null,
  created_by text not null,
  ends_at timestamptz(3) not null
);
create index publisher_key_publisher on intake.publisher_key (publisher_id);
create function intake.refuse_later_end() returns trigger language plpgsql as $$
begin
  raise exception 'a publisher key does not get a later end' using errcode = '42501';
end $$;
create trigger ends_no_later before update on intake.publisher_key
  for each row when (new.ends_at > old.ends_at) execute function intake.refuse_later_end();
`;

const PARKED = `
alter table intake.parked
  add column stop boolean not null default false,
  add column publisher_id uuid,
  add column dismissed_at timestamptz(3),
  add column dismissed_by text,
  add column dismiss_reason text,
  drop constraint parked_state_check,
  add constraint parked_state_check check (state in ('parked', 'replayed', 'expired', 'dismissed'));
create index parked_stops on intake.parked (reason) where state = 'parked' and stop;
`;

const READERS = `
create table permissions.reader (
  id uuid primary key,
  name text not null,
  topic text not null,
  sources text[] not null,
  valid_until timestamptz(3) not null,
  registered_at timestamptz(3) not null,
  registered_by text not null,
  ended_at timestamptz(3),
  ended_by text
);
create index reader_topic on permissions.reader (topic);
create view permissions.v_reader as select topic, sources, valid_until, ended_at from permissions.reader;
`;

const GRANTS = `
grant select, insert on intake.publisher, intake.publisher_key, permissions.reader to kyoka_permissions;
grant update (revoked_at, revoked_by, revoke_reason) on intake.publisher to kyoka_permissions;
grant update (ends_at) on intake.publisher_key to kyoka_permissions;
grant update (ended_at, ended_by) on permissions.reader to kyoka_permissions;
grant select on permissions.v_reader to kyoka_audiences, kyoka_permissions;
`;
