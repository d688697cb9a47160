import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The context `access`: people, tokens, sessions, quotas, and the chain of what people did. Secrets lie
 * here as keyed digests only. `kyoka_permissions` administers it; `kyoka_audiences` may add acts.
 */
export class Access1764400000000 implements MigrationInterface {
  readonly name = 'Access1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [CREDENTIALS, EARLIER_TOKENS, ACTS, SECOND_PERSON, ROLES, GRANTS]) {
      await runner.query(part);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema access cascade');
  }
}

const CREDENTIALS = `
create schema access;
create table access.person (
  owner text primary key,
  roles text[] not null,
  scopes text[] not null,
  seen_at timestamptz(3) not null,
  stands_until timestamptz(3) not null
);
create table access.token (
  id uuid primary key,
  hash bytea not null unique,
  name text not null,
  owner text not null,
  roles text[] not null,
  scopes text[] not null,
  makers text[] not null,
  maker_token uuid references access.token (id),
  maker_person text references access.person (owner),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_by text,
  quota integer
);
create index token_owner on access.token (owner) where revoked_at is null;
create index token_maker on access.token (maker_token) where revoked_at is null;
create index token_maker_person on access.token (maker_person) where revoked_at is null;
create table access.session (
  id uuid primary key,
  hash bytea not null unique,
  owner text not null references access.person (owner),
  roles text[] not null,
  scopes text[] not null,
  via text not null check (via in ('provider', 'link')),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  ended_at timestamptz(3)
);
create index session_owner on access.session (owner) where ended_at is null;
-- One-time links for the terminal of who runs the service.
create table access.sign_in_link (
  hash bytea primary key,
  owner text not null,
  made_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  used_at timestamptz(3)
);
-- What is left of a credential's requests; every process takes parts of it.
create table access.quota (
  credential uuid primary key,
  level double precision not null,
  granted integer not null,
  at timestamptz(3) not null
);
`;

const SCOPES = `'{events:publish,decisions:ask,subjects:read,suspensions:write,erasures:write,freezes:write,recipients:write,policies:write,audiences:write,audiences:run,parked:read,parked:replay,publishers:write,tokens:write,pages:write,operations:read}'::text[]`;

// They could do everything until now, and still can until their end.
const EARLIER_TOKENS = `
insert into access.token (id, hash, name, owner, roles, scopes, makers, starts_at, ends_at, created_at)
  select gen_random_uuid(), hash, 'earlier', owner, '{administrator}', ${SCOPES}, '{}', starts_at, ends_at, created_at
  from permissions.access_token;
drop table permissions.access_token;
`;

const ACTS = `
create table access.chain_head (
  chain text primary key,
  number bigint not null,
  hash bytea not null
);
create table access.block (
  chain text not null,
  number bigint not null,
  prev bytea not null,
  hash bytea not null,
  entries integer not null,
  at timestamptz(3) not null,
  primary key (chain, number)
);
create table access.act (
  id uuid primary key,
  chain text not null,
  block bigint not null,
  index integer not null,
  owner text not null,
  credential uuid,
  act text not null,
  target text not null,
  at timestamptz(3) not null,
  detail jsonb not null,
  unique (chain, block, index),
  foreign key (chain, block) references access.block (chain, number)
);
create index act_at on access.act (at);
create index act_target on access.act (target, at);
create function access.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append only' using errcode = '42501';
end $$;
${['act', 'block']
  .map(
    (table) => `
create trigger append_only before update or delete on access.${table}
  for each row execute function access.refuse_change();
create trigger append_only_all before truncate on access.${table}
  for each statement execute function access.refuse_change();`,
  )
  .join('')}
`;

// Who stood behind the credential of an act on a switch, so that two tokens of one hand are one person.
const SECOND_PERSON = `
alter table audiences.switch_act add column standing_behind text[] not null default '{}';
`;

// In which role the acting user was named, where an audience names roles.
const ROLES = `
alter table audiences.audience add column acting_role text;
`;

const GRANTS = `
grant usage on schema access to kyoka_permissions, kyoka_audiences;
grant select, insert, update on access.person, access.token, access.session, access.sign_in_link,
  access.quota to kyoka_permissions;
grant select, insert on access.act, access.block to kyoka_permissions;
grant insert on access.act, access.block to kyoka_audiences;
grant select, insert, update on access.chain_head to kyoka_permissions, kyoka_audiences;
`;
