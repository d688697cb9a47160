import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The context `permissions`: inbox, parked originals, ledger, subjects, contact points, registers,
 * orders, outbox. Contact values lie here as keyed tokens (look-up) and ciphertext (sending) only.
 */
export class Permissions1764100000000 implements MigrationInterface {
  readonly name = 'Permissions1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLES);
    await runner.query(INTAKE);
    await runner.query(SUBJECTS);
    await runner.query(REGISTERS);
    await runner.query(LEDGER);
    await runner.query(ORDERS);
    await runner.query(OUTBOX);
    await runner.query(GRANTS);
    await runner.query(VIEWS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema intake cascade; drop schema permissions cascade');
  }
}

// Roles belong to the cluster, so two databases of one cluster may create them at the same time.
const ROLES = `
do $$
declare wanted text;
begin
  foreach wanted in array array['kyoka_permissions', 'kyoka_audiences'] loop
    begin
      execute format('create role %I nologin', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
    execute format('grant %I to current_user', wanted);
  end loop;
end $$;
create schema intake;
create schema permissions;
create schema audiences;
grant usage on schema intake, permissions to kyoka_permissions;
grant usage on schema permissions to kyoka_audiences;
grant usage on schema audiences to kyoka_audiences, kyoka_permissions;
`;

const INTAKE = `
create table intake.event (
  ce_source text not null,
  ce_id text not null,
  digest bytea not null,
  outcome text not null check (outcome in ('accepted', 'skipped', 'parked')),
  arrived_at timestamptz(3) not null,
  primary key (ce_source, ce_id)
);
create table intake.parked (
  id uuid primary key,
  ce_source text,
  ce_id text,
  type text,
  reason text not null,
  faults jsonb not null default '[]',
  place text not null,
  applied boolean not null default false,
  day date not null,
  sealed bytea not null,
  arrived_at timestamptz(3) not null,
  state text not null default 'parked' check (state in ('parked', 'replayed', 'expired')),
  replayed_at timestamptz(3),
  replayed_by text,
  replay_outcome text
);
create index parked_waiting on intake.parked (arrived_at) where state = 'parked';
create table intake.journal_position (
  writer text primary key,
  position bigint not null
);
create table permissions.vault (
  single boolean primary key default true check (single),
  id text not null
);
create table permissions.access_token (
  hash bytea primary key,
  owner text not null,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  created_at timestamptz(3) not null
);
`;

const SUBJECTS = `
create table permissions.subject (
  id uuid primary key,
  source text not null,
  ref text not null,
  category text,
  category_at timestamptz(3),
  category_event text,
  acquired_source text,
  acquired_at timestamptz(3),
  acquired_event text,
  policy_version text,
  notice_shown boolean,
  registered_at timestamptz(3),
  cancelled_at timestamptz(3),
  ads_on_at timestamptz(3),
  ads_off_at timestamptz(3),
  arrived_at timestamptz(3) not null,
  unique (source, ref)
);
create table permissions.contact_point (
  subject_id uuid not null references permissions.subject (id),
  kind text not null check (kind in ('email', 'phone', 'line', 'postal')),
  token bytea not null,
  fold bytea not null,
  class text not null check (class in ('personal', 'relay', 'alias', 'role', 'invalid')),
  line text,
  sources text[] not null,
  rules_version text not null,
  sealed bytea not null,
  confirmed_at timestamptz(3),
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  primary key (subject_id, kind, token)
);
create index contact_point_fold on permissions.contact_point (fold) where class <> 'invalid';
create index contact_point_token on permissions.contact_point (token);
`;

const REGISTERS = `
create table permissions.consent (
  subject_id uuid not null references permissions.subject (id),
  purpose text not null,
  channel text not null,
  recipient text not null default '',
  act text not null check (act in ('granted', 'withdrawn')),
  class text not null check (class in ('unproven', 'evidenced', 'confirmed')),
  at timestamptz(3) not null,
  evidence_id text not null default '',
  actor text not null,
  policy_version text not null default '',
  entry uuid not null,
  primary key (subject_id, purpose, channel, recipient, act, class)
);
create table permissions.stop (
  origin bytea not null,
  subject_id uuid,
  fold bytea,
  kind text not null check (kind in ('objection', 'suspension', 'complaint', 'hard_bounce', 'unfollowed', 'returned_post', 'erasure')),
  purpose text not null,
  channel text not null,
  at timestamptz(3) not null,
  evidence_id text not null default '',
  actor text not null,
  entry uuid not null,
  primary key (origin, kind, purpose, channel),
  check ((subject_id is null) <> (fold is null))
);
create index stop_subject on permissions.stop (subject_id) where subject_id is not null;
create index stop_fold on permissions.stop (fold) where fold is not null;
create table permissions.lift (
  origin bytea not null,
  subject_id uuid,
  fold bytea,
  kind text not null check (kind in ('lift', 'follow', 'confirmation')),
  purpose text not null,
  channel text not null,
  at timestamptz(3) not null,
  evidence_id text not null default '',
  actor text not null,
  entry uuid not null,
  primary key (origin, kind, purpose, channel),
  check ((subject_id is null) <> (fold is null))
);
create index lift_subject on permissions.lift (subject_id) where subject_id is not null;
create index lift_fold on permissions.lift (fold) where fold is not null;
create table permissions.freeze (
  id uuid primary key,
  purposes text[] not null,
  channels text[] not null,
  recipients text[] not null,
  sources text[] not null,
  set_by_role text not null,
  set_by text not null,
  reason text not null,
  at timestamptz(3) not null,
  lifted_at timestamptz(3),
  lifted_by text,
  lift_reason text
);
-- One row per act that narrows what is allowed: what removals have to follow.
create table permissions.stop_act (
  id uuid primary key,
  kind text not null check (kind in ('withdrawal', 'ads_off', 'cancelled', 'objection', 'suspension', 'complaint',
    'hard_bounce', 'unfollowed', 'returned_post', 'erasure')),
  subject_id uuid,
  folds bytea[] not null default '{}',
  purposes text[] not null,
  channels text[] not null,
  recipients text[] not null default '{*}',
  act_at timestamptz(3) not null,
  arrived_at timestamptz(3) not null,
  committed_at timestamptz(3) not null,
  fanned_out_at timestamptz(3)
);
create index stop_act_waiting on permissions.stop_act (committed_at) where fanned_out_at is null;
`;

const LEDGER = `
create table permissions.chain_head (
  chain text primary key,
  number bigint not null,
  hash bytea not null
);
create table permissions.block (
  chain text not null,
  number bigint not null,
  prev bytea not null,
  hash bytea not null,
  entries integer not null,
  at timestamptz(3) not null,
  primary key (chain, number)
);
create table permissions.ledger (
  id uuid primary key,
  chain text not null,
  block bigint not null,
  index integer not null,
  subject_id uuid,
  act text not null,
  act_at timestamptz(3) not null,
  arrived_at timestamptz(3) not null,
  body jsonb not null,
  unique (chain, block, index),
  foreign key (chain, block) references permissions.block (chain, number)
);
create index ledger_subject on permissions.ledger (subject_id, act_at);
create table permissions.decision (
  id uuid primary key,
  chain text not null,
  block bigint not null,
  index integer not null,
  subject_id uuid,
  decided_at timestamptz(3) not null,
  body jsonb not null,
  unique (chain, block, index),
  foreign key (chain, block) references permissions.block (chain, number)
);
create function permissions.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append only' using errcode = '42501';
end $$;
create trigger append_only before update or delete on permissions.ledger
  for each row execute function permissions.refuse_change();
create trigger append_only_all before truncate on permissions.ledger
  for each statement execute function permissions.refuse_change();
create trigger append_only before update or delete on permissions.decision
  for each row execute function permissions.refuse_change();
create trigger append_only_all before truncate on permissions.decision
  for each statement execute function permissions.refuse_change();
create trigger append_only before update or delete on permissions.block
  for each row execute function permissions.refuse_change();
create trigger append_only_all before truncate on permissions.block
  for each statement execute function permissions.refuse_change();
`;

const ORDERS = `
create table permissions.order_line (
  subject_id uuid not null references permissions.subject (id),
  source text not null,
  order_ref text not null,
  line integer not null,
  sku text not null,
  category text not null,
  quantity integer not null,
  yen bigint not null,
  ordered_at timestamptz(3) not null,
  primary key (source, order_ref, line)
);
create index order_line_subject on permissions.order_line (subject_id, ordered_at);
create index order_line_category on permissions.order_line (category, ordered_at);
-- Which event's lines stand: of several about one order the latest, then the one with the greater key.
create table permissions.order_version (
  source text not null,
  order_ref text not null,
  event_at timestamptz(3) not null,
  event text not null,
  primary key (source, order_ref)
);
create table permissions.order_cancellation (
  source text not null,
  order_ref text not null,
  cancelled_at timestamptz(3) not null,
  primary key (source, order_ref)
);
`;

// tx orders rows by their transaction, so that a relay never passes one that is still uncommitted.
const OUTBOX = `
create table permissions.outbox (
  id bigint generated always as identity primary key,
  tx xid8 not null default pg_current_xact_id(),
  topic text not null,
  key text not null,
  type text not null,
  headers jsonb not null default '{}',
  payload jsonb not null,
  created_at timestamptz(3) not null default clock_timestamp()
);
create index outbox_order on permissions.outbox (tx, id);
`;

const GRANTS = `
grant select, insert on intake.event to kyoka_permissions;
grant update (outcome, digest) on intake.event to kyoka_permissions;
grant select, insert, update on intake.parked, intake.journal_position to kyoka_permissions;
grant select, insert, update on permissions.subject, permissions.contact_point, permissions.consent,
  permissions.stop, permissions.lift, permissions.freeze, permissions.stop_act, permissions.chain_head,
  permissions.order_line, permissions.order_version, permissions.order_cancellation, permissions.access_token to kyoka_permissions;
grant delete on permissions.order_line to kyoka_permissions;
grant select, insert on permissions.ledger, permissions.decision, permissions.block to kyoka_permissions;
grant select, insert, delete on permissions.outbox to kyoka_permissions;
grant select, insert on permissions.vault to kyoka_permissions;
grant usage on all sequences in schema permissions to kyoka_permissions;
`;

const VIEWS = `
create view permissions.v_subject as
  select id as subject_id, source, ref, category, acquired_source, acquired_at, policy_version, notice_shown,
         registered_at, cancelled_at, ads_on_at, ads_off_at
  from permissions.subject;
create view permissions.v_contact_point as select * from permissions.contact_point;
create view permissions.v_consent as select * from permissions.consent;
create view permissions.v_stop as select * from permissions.stop;
create view permissions.v_lift as select * from permissions.lift;
create view permissions.v_freeze as select * from permissions.freeze;
create view permissions.v_stop_act as select * from permissions.stop_act;
create view permissions.v_order_line as
  select l.subject_id, l.source, l.order_ref, l.sku, l.category, l.quantity, l.yen, l.ordered_at
  from permissions.order_line l
  where not exists (
    select from permissions.order_cancellation c where c.source = l.source and c.order_ref = l.order_ref
  );
grant select on permissions.v_subject, permissions.v_contact_point, permissions.v_consent, permissions.v_stop,
  permissions.v_lift, permissions.v_freeze, permissions.v_stop_act, permissions.v_order_line
  to kyoka_audiences, kyoka_permissions;
create function permissions.mark_fanned_out(done uuid[], at timestamptz) returns void
  language sql security definer set search_path = permissions, pg_temp as $$
  update permissions.stop_act set fanned_out_at = at where id = any (done) and fanned_out_at is null;
$$;
revoke all on function permissions.mark_fanned_out(uuid[], timestamptz) from public;
grant execute on function permissions.mark_fanned_out(uuid[], timestamptz) to kyoka_audiences;
`;
