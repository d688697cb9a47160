import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a decision of the past is rebuilt from besides the ledger: which entries count from a folded
 * contact point, how each recipient was registered when, and how each switch stood. What lay in the
 * tables before this migration was recorded with less, so it is marked, and refused as not known.
 */
export class Past1765710000000 implements MigrationInterface {
  readonly name = 'Past1765710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(RECIPIENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger kept on audiences.recipient;
      drop function audiences.keep_recipient();
      drop view audiences.v_recipient_version;
      drop view audiences.v_switch_act;
      drop table audiences.recipient_version;
      drop index permissions.ledger_folds;
      drop table permissions.unrecorded_fold;
      alter table permissions.subject drop column recorded_whole;
    `);
  }
}

const PEOPLE = `
alter table permissions.subject add column recorded_whole boolean not null default false;
alter table permissions.subject alter column recorded_whole set default true;
create table permissions.unrecorded_fold (fold bytea primary key);
insert into permissions.unrecorded_fold
  select fold from permissions.stop where fold is not null
  union select fold from permissions.lift where fold is not null;
grant select on permissions.unrecorded_fold to kyoka_permissions;
create index ledger_folds on permissions.ledger using gin ((body -> 'folds')) where body ? 'folds';
`;

// A row of the register holds since its registered_at. Of one that was there before, nothing tells
// what stood earlier.
const RECIPIENTS = `
create table audiences.recipient_version (
  seq bigint generated always as identity primary key,
  recipient_id text not null,
  at timestamptz(3) not null,
  earlier_unknown boolean not null default false,
  terms jsonb not null
);
create index recipient_version_recipient on audiences.recipient_version (recipient_id, seq);
insert into audiences.recipient_version (recipient_id, at, earlier_unknown, terms)
  select id, registered_at, true, to_jsonb(r) from audiences.recipient r order by registered_at, id;
create function audiences.keep_recipient() returns trigger
  language plpgsql security definer set search_path = audiences, pg_temp as $$
begin
  insert into audiences.recipient_version (recipient_id, at, terms)
    values (new.id, new.registered_at, to_jsonb(new));
  return null;
end $$;
revoke all on function audiences.keep_recipient() from public;
create trigger kept after insert or update on audiences.recipient
  for each row execute function audiences.keep_recipient();
create trigger append_only before update or delete on audiences.recipient_version
  for each row execute function audiences.refuse_change();
create trigger append_only_all before truncate on audiences.recipient_version
  for each statement execute function audiences.refuse_change();
create view audiences.v_recipient_version as
  select v.seq, v.at, v.earlier_unknown, r.id, r.network, r.kind, r.basis, r.contract_ref, r.use_limit_ref, r.items,
         r.filing, r.reviewed_at, r.country, r.foreign_basis
  from audiences.recipient_version v, jsonb_populate_record(null::audiences.recipient, v.terms) r;
create view audiences.v_switch_act as
  select seq, target, target_id, act, destination, at from audiences.switch_act;
grant select on audiences.v_recipient_version, audiences.v_switch_act to kyoka_permissions, kyoka_audiences;
`;
