import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The pages of the person: tokens of links, confirmations that are asked for, and the duty mails that
 * carry them. No link, no address and no text of a mail lies here: a link is kept as its keyed
 * digest, a contact point by its look-up token.
 */
export class PersonPages1764600000000 implements MigrationInterface {
  readonly name = 'PersonPages1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(VIEWS);
    await runner.query(GRANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop view audiences.v_holding, audiences.v_party;
       drop table permissions.duty_mail, permissions.page_confirmation, permissions.page_token;
       drop index permissions.stop_act_subject`,
    );
  }
}

const TABLES = `
create table permissions.page_token (
  id uuid primary key,
  hash bytea not null unique,
  page text not null check (page in ('preferences', 'one_click')),
  subject_id uuid not null,
  contact_kind text check (contact_kind in ('email', 'phone', 'line', 'postal')),
  contact bytea,
  purposes text[] not null,
  channels text[] not null,
  made_by text not null,
  made_at timestamptz(3) not null,
  ends_at timestamptz(3) not null
);
create index page_token_subject on permissions.page_token (subject_id);
create index page_token_due on permissions.page_token (ends_at);
create table permissions.page_confirmation (
  id uuid primary key,
  hash bytea not null unique,
  subject_id uuid not null,
  contact bytea not null,
  wish jsonb not null,
  asked_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  used_at timestamptz(3),
  done_at timestamptz(3)
);
create index page_confirmation_subject on permissions.page_confirmation (subject_id, asked_at);
create index page_confirmation_due on permissions.page_confirmation (ends_at);
create table permissions.duty_mail (
  id uuid primary key,
  duty text not null check (duty in ('request_reply', 'stop_receipt')),
  about uuid not null,
  subject_id uuid not null,
  contact bytea not null,
  lang text not null check (lang in ('ja', 'en')),
  state text not null check (state in ('waiting', 'sending', 'sent', 'refused', 'failed', 'unknown')),
  decision_id uuid,
  tries integer not null,
  asked_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  ended_at timestamptz(3),
  answer text
);
create index duty_mail_due on permissions.duty_mail (due_at) where state in ('waiting', 'sending');
create index duty_mail_end on permissions.duty_mail (ends_at);
create index duty_mail_subject on permissions.duty_mail (subject_id);
create index stop_act_subject on permissions.stop_act (subject_id, committed_at);
`;

// What a person's page shows of the audiences' side: who holds something of them, and who that is.
const VIEWS = `
create view audiences.v_holding as
  select m.subject_id, a.recipient_id, a.id as audience_id, m.kind, m.token, m.state, m.certain, m.held_since, m.lease_until
  from audiences.member m join audiences.audience a on a.id = m.audience_id
  where m.state in ('sending', 'processing', 'held', 'leaving');
create view audiences.v_party as select id, party ->> 'name' as name from audiences.recipient;
`;

const GRANTS = `
grant select on audiences.v_holding, audiences.v_party to kyoka_permissions, kyoka_audiences;
grant select, insert, update, delete on permissions.page_token, permissions.page_confirmation, permissions.duty_mail
  to kyoka_permissions;
`;
