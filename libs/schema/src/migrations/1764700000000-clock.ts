import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What time ends: due dates of members and audiences, the cadence of runs, terms that are over. */
export class Clock1764700000000 implements MigrationInterface {
  readonly name = 'Clock1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MEMBERS);
    await runner.query(AUDIENCES);
    await runner.query(TERMS);
    await runner.query(RIGHTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop view access.v_right;
drop view permissions.v_term;
drop table permissions.term;
drop index permissions.consent_granted_at, permissions.subject_acquired_at;
alter table audiences.run drop column scheduled;
drop index audiences.audience_cadence, audiences.audience_terms;
alter table audiences.audience drop column cadence, drop column next_run_at, drop column run_refusal,
  drop column run_refused_at, drop column terms_due_at;
drop index audiences.member_due;
alter table audiences.member drop column due_at;`);
  }
}

// due_at: when time alone may change what was decided of the member last; null: it changes nothing.
// Who is in an audience already is decided anew once.
const MEMBERS = `
alter table audiences.member add column due_at timestamptz(3);
update audiences.member set due_at = changed_at where state in ('wanted', 'sending', 'processing', 'held');
create index member_due on audiences.member (due_at) where state in ('wanted', 'sending', 'processing', 'held');
`;

// terms_due_at: when time alone may change the terms of the audience, the same for all its members.
const AUDIENCES = `
alter table audiences.audience add column cadence text, add column next_run_at timestamptz(3),
  add column run_refusal text constraint audience_run_refusal_check
    check (run_refusal in ('owner_not_named', 'owner_without_right', 'list_elsewhere')),
  add column run_refused_at timestamptz(3), add column terms_due_at timestamptz(3);
update audiences.audience set terms_due_at = created_at where ended_at is null;
create index audience_cadence on audiences.audience (next_run_at) where ended_at is null;
create index audience_terms on audiences.audience (terms_due_at) where ended_at is null;
alter table audiences.run add column scheduled boolean not null default false;
`;

// A term of consents (by purpose) or of data (by source) is over for what is older than over_before,
// and whoever it is over for has been told of.
const TERMS = `
create table permissions.term (
  kind text not null check (kind in ('consent', 'source')),
  name text not null,
  over_before timestamptz(3) not null,
  primary key (kind, name)
);
create index consent_granted_at on permissions.consent (purpose, at) where act = 'granted';
create index subject_acquired_at on permissions.subject (acquired_source, acquired_at);
create view permissions.v_term as select * from permissions.term;
grant select, insert, update, delete on permissions.term to kyoka_permissions;
grant select on permissions.v_term to kyoka_permissions, kyoka_audiences;
`;

// Who may do what until when: what the clock does for somebody, it does while they might.
const RIGHTS = `
create view access.v_right as
  select owner, roles, scopes, starts_at, ends_at from access.token where revoked_at is null
  union all
  select owner, roles, scopes, seen_at, stands_until from access.person;
grant select on access.v_right to kyoka_audiences;
`;
