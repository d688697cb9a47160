import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The context `audiences`: recipients and what switches them on, audiences and their members, runs,
 * attempts, releases, removals, outbox. It holds no contact value: a member names a contact point by
 * its keyed token, and its ciphertext is read through `permissions.v_contact_point` when it is sent.
 */
export class Audiences1764200000000 implements MigrationInterface {
  readonly name = 'Audiences1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [
      STOPS_IN_ORDER,
      RECIPIENTS,
      AUDIENCES,
      RELEASES,
      ATTEMPTS,
      REMOVALS,
      OUTBOX,
      APPEND_ONLY,
      GRANTS,
      VIEWS,
    ]) {
      await runner.query(part);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema audiences cascade');
  }
}

// The gate asks which stops a snapshot of it couldn't see yet: those of a transaction that the
// snapshot had not seen end, so each narrowing row tells its transaction. So does a contact point,
// which may tie its subject to somebody whose stop came long before.
const STOPS_IN_ORDER = `
alter table permissions.stop_act add column tx xid8 not null default pg_current_xact_id();
create index stop_act_tx on permissions.stop_act (tx);
create or replace view permissions.v_stop_act as select * from permissions.stop_act;
alter table permissions.freeze add column tx xid8 not null default pg_current_xact_id();
create or replace view permissions.v_freeze as select * from permissions.freeze;
alter table permissions.contact_point add column tx xid8 not null default pg_current_xact_id();
create index contact_point_tx on permissions.contact_point (tx);
create or replace view permissions.v_contact_point as select * from permissions.contact_point;
`;

const RECIPIENTS = `
create table audiences.recipient (
  id text primary key,
  network text,
  kind text not null check (kind in ('ad_network', 'processor', 'financial_institution', 'joint_user', 'other')),
  basis text check (basis in ('consent', 'processor', 'joint_use', 'opt_out_filed')),
  contract_ref text,
  use_limit_ref text,
  items text[] not null,
  filing text,
  reviewed_at date,
  country text,
  foreign_basis text,
  party jsonb,
  registered_by text not null,
  registered_at timestamptz(3) not null
);
create table audiences.switch_act (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  target text not null check (target in ('recipient', 'policy')),
  target_id text not null,
  act text not null check (act in ('requested', 'approved', 'off')),
  request uuid references audiences.switch_act (id),
  by_user text not null,
  reason text,
  destination text,
  at timestamptz(3) not null,
  tx xid8 not null default pg_current_xact_id()
);
create index switch_act_target on audiences.switch_act (target, target_id, seq desc);
`;

const AUDIENCES = `
create table audiences.audience (
  id uuid primary key,
  name text not null,
  segment jsonb not null,
  policy text not null,
  purpose text not null,
  content_owner text not null,
  recipient_id text not null references audiences.recipient (id),
  period_from date not null,
  period_to date not null,
  users text[] not null,
  owner text not null,
  acting_user text,
  list_ref text,
  list_destination text,
  retry_at timestamptz(3),
  add_failures integer not null default 0,
  add_limit integer,
  ends_at timestamptz(3) not null,
  ended_at timestamptz(3),
  ended_by text,
  emptied_at timestamptz(3),
  created_at timestamptz(3) not null,
  check ((list_ref is null) = (list_destination is null))
);
create index audience_ending on audiences.audience (ends_at) where ended_at is null;
create table audiences.run (
  id uuid primary key,
  audience_id uuid not null references audiences.audience (id),
  idempotency_key text not null,
  actor text not null,
  state text not null check (state in ('building', 'sending', 'settling', 'finished', 'stopped')),
  segment_at timestamptz(3) not null,
  chosen boolean not null default false,
  cursor uuid,
  segment integer not null default 0,
  allowed integer not null default 0,
  refused integer not null default 0,
  refused_first jsonb not null default '{}',
  refused_any jsonb not null default '{}',
  to_add integer not null default 0,
  to_remove integer not null default 0,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  unique (audience_id, idempotency_key)
);
create unique index run_active on audiences.run (audience_id) where state in ('building', 'sending');
create index run_open on audiences.run (started_at) where state in ('building', 'sending', 'settling');
create table audiences.run_subject (
  run_id uuid not null references audiences.run (id),
  subject_id uuid not null,
  primary key (run_id, subject_id)
);
-- What the gate refused of a run, a row per batch.
create table audiences.gate_refusal (
  run_id uuid not null references audiences.run (id),
  persons integer not null,
  by_reason jsonb not null
);
create index gate_refusal_run on audiences.gate_refusal (run_id);
create table audiences.member (
  audience_id uuid not null references audiences.audience (id),
  subject_id uuid not null,
  kind text not null check (kind in ('email', 'phone')),
  token bytea not null,
  fold bytea not null,
  state text not null check (state in ('wanted', 'sending', 'processing', 'held', 'leaving', 'gone', 'refused')),
  run_id uuid,
  attempt_id uuid,
  certain boolean not null default false,
  tries integer not null default 0,
  held_since timestamptz(3),
  lease_until timestamptz(3),
  renew_at timestamptz(3),
  checked_at timestamptz(3) not null,
  changed_at timestamptz(3) not null,
  primary key (audience_id, subject_id, kind, token)
);
create index member_subject on audiences.member (subject_id);
create index member_fold on audiences.member (audience_id, fold);
create index member_wanted on audiences.member (audience_id, subject_id) where state = 'wanted';
create index member_sending on audiences.member (audience_id, run_id) where state = 'sending';
create index member_renewal on audiences.member (audience_id, renew_at) where state = 'held';
create index member_lease on audiences.member (lease_until) where state = 'held';
create index member_checked on audiences.member (checked_at) where state in ('wanted', 'sending', 'processing', 'held');
`;

const RELEASES = `
create table audiences.chain_head (
  chain text primary key,
  number bigint not null,
  hash bytea not null
);
create table audiences.block (
  chain text not null,
  number bigint not null,
  prev bytea not null,
  hash bytea not null,
  entries integer not null,
  at timestamptz(3) not null,
  primary key (chain, number)
);
create table audiences.release (
  id uuid primary key,
  chain text not null,
  block bigint not null,
  index integer not null,
  subject_id uuid not null,
  attempt_id uuid not null,
  decided_at timestamptz(3) not null,
  body jsonb not null,
  unique (chain, block, index),
  foreign key (chain, block) references audiences.block (chain, number)
);
create index release_subject on audiences.release (subject_id, decided_at);
`;

// lands_by: after this moment an add can't take effect any more; null: it took none.
const ATTEMPTS = `
create table audiences.attempt (
  id uuid primary key,
  op text not null check (op in ('add', 'remove')),
  audience_id uuid not null references audiences.audience (id),
  state text not null check (state in ('sending', 'accepted', 'rejected', 'unknown', 'not_sent')),
  persons integer not null,
  gate_at timestamptz(3) not null,
  deadline_at timestamptz(3) not null,
  claimed_until timestamptz(3) not null,
  lands_by timestamptz(3),
  answered_at timestamptz(3),
  code text,
  received integer,
  invalid integer,
  job jsonb,
  job_state text check (job_state in ('running', 'complete', 'incomplete', 'failed', 'given_up')),
  polls integer not null default 0,
  poll_at timestamptz(3),
  job_ended_at timestamptz(3)
);
create index attempt_sending on audiences.attempt (claimed_until) where state = 'sending';
create index attempt_running on audiences.attempt (poll_at) where job_state = 'running';
create index attempt_audience on audiences.attempt (audience_id, gate_at);
create table audiences.attempt_item (
  attempt_id uuid not null references audiences.attempt (id),
  position integer not null,
  subject_id uuid not null,
  kind text not null,
  token bytea not null,
  fold bytea not null,
  run_id uuid,
  refused boolean not null default false,
  primary key (attempt_id, subject_id, kind, token)
);
create index attempt_item_fold on audiences.attempt_item (fold);
create index attempt_item_run on audiences.attempt_item (run_id) where run_id is not null;
`;

const REMOVALS = `
create table audiences.removal (
  id uuid primary key,
  audience_id uuid not null references audiences.audience (id),
  subject_id uuid not null,
  kind text not null,
  token bytea not null,
  fold bytea not null,
  cause text not null check (cause in ('stop', 'not_permitted', 'left_segment', 'lease_ended', 'audience_ended')),
  state text not null check (state in ('requested', 'unconfirmed', 'overdue', 'confirmed')),
  basis text check (basis in ('job_status', 'declared_time')),
  requested_at timestamptz(3) not null,
  first_sent_at timestamptz(3),
  sends integer not null default 0,
  failures integer not null default 0,
  splits integer not null default 0,
  last_attempt_id uuid,
  last_sent_at timestamptz(3),
  last_result text check (last_result in ('open', 'taken', 'complete', 'failed')),
  last_answered_at timestamptz(3),
  retry_at timestamptz(3),
  due_at timestamptz(3) not null,
  due_by timestamptz(3) not null,
  confirmed_at timestamptz(3),
  overdue_at timestamptz(3)
);
create unique index removal_open on audiences.removal (audience_id, subject_id, kind, token) where state <> 'confirmed';
create index removal_open_fold on audiences.removal (audience_id, fold) where state <> 'confirmed';
create index removal_due on audiences.removal (audience_id, failures, due_at) where state <> 'confirmed';
create index removal_attempt on audiences.removal (last_attempt_id);
create index removal_subject on audiences.removal (subject_id);
create table audiences.removal_stop (
  stop_act_id uuid not null,
  removal_id uuid not null references audiences.removal (id),
  primary key (stop_act_id, removal_id)
);
create index removal_stop_removal on audiences.removal_stop (removal_id);
-- What a network was sent in each period that its quota counts; used up until then where per_ms is 0.
create table audiences.network_pace (
  network text not null,
  per_ms integer not null,
  until timestamptz(3) not null,
  used integer not null,
  primary key (network, per_ms)
);
-- Contact points of transactions before tx have been looked at.
create table audiences.contact_cursor (
  only_row boolean primary key default true check (only_row),
  tx xid8 not null
);
insert into audiences.contact_cursor (tx) values ('0');
`;

const OUTBOX = `
create table audiences.outbox (
  id bigint generated always as identity primary key,
  tx xid8 not null default pg_current_xact_id(),
  topic text not null,
  key text not null,
  type text not null,
  headers jsonb not null default '{}',
  payload jsonb not null,
  created_at timestamptz(3) not null default clock_timestamp()
);
create index outbox_order on audiences.outbox (tx, id);
`;

const APPEND_ONLY = `
create function audiences.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append only' using errcode = '42501';
end $$;
${['release', 'block', 'switch_act']
  .map(
    (table) => `
create trigger append_only before update or delete on audiences.${table}
  for each row execute function audiences.refuse_change();
create trigger append_only_all before truncate on audiences.${table}
  for each statement execute function audiences.refuse_change();`,
  )
  .join('')}
`;

const GRANTS = `
grant select, insert on audiences.release, audiences.block, audiences.switch_act to kyoka_audiences;
grant select, insert, update on audiences.recipient, audiences.audience, audiences.run, audiences.member,
  audiences.chain_head, audiences.attempt, audiences.attempt_item, audiences.removal, audiences.network_pace to kyoka_audiences;
grant select, insert on audiences.removal_stop, audiences.gate_refusal to kyoka_audiences;
grant select, update on audiences.contact_cursor to kyoka_audiences;
grant select, insert, delete on audiences.run_subject, audiences.outbox to kyoka_audiences;
grant usage on all sequences in schema audiences to kyoka_audiences;
`;

// What the latest act says: on from an approval until somebody switches it off.
const VIEWS = `
create view audiences.v_switch as
  select distinct on (target, target_id) target, target_id, act = 'approved' as switched_on, destination as bound_to, tx
  from audiences.switch_act
  order by target, target_id, seq desc;
create view audiences.v_recipient as
  select r.id, r.network, r.kind, r.basis, r.contract_ref, r.use_limit_ref, r.items, r.filing, r.reviewed_at,
         r.country, r.foreign_basis, coalesce(s.switched_on, false) as switched_on, s.bound_to
  from audiences.recipient r
  left join audiences.v_switch s on s.target = 'recipient' and s.target_id = r.id;
grant select on audiences.v_switch, audiences.v_recipient to kyoka_permissions, kyoka_audiences;
`;
