import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Cases of exceptional disclosure: what was done in each, append only and chained. Its records end
 * with those of an erased person, for whom every step of a case counts from its opening.
 */
export class Disclosures1765730000000 implements MigrationInterface {
  readonly name = 'Disclosures1765730000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(shredding(DISCLOSED));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(shredding(''));
    await runner.query('drop table permissions.disclosure_step');
    await runner.query('drop function permissions.disclosure_step_may_be_shredded()');
  }
}

const TABLE = `
create table permissions.disclosure_step (
  id uuid primary key,
  chain text not null,
  block bigint not null,
  index integer not null,
  case_id uuid not null,
  subject_id uuid,
  step text not null check (step in ('opened', 'approved', 'refused', 'handed_over')),
  opened_at timestamptz(3) not null,
  at timestamptz(3) not null,
  body jsonb not null,
  unique (chain, block, index),
  unique (case_id, step),
  foreign key (chain, block) references permissions.block (chain, number)
);
create index disclosure_step_subject on permissions.disclosure_step (subject_id);
create index disclosure_step_newest on permissions.disclosure_step (opened_at, case_id);
create function permissions.disclosure_step_may_be_shredded() returns trigger
  language plpgsql security definer set search_path = permissions, pg_temp as $$
begin
  if tg_op = 'UPDATE' and permissions.is_shredding(to_jsonb(old), to_jsonb(new), old.subject_id, old.opened_at) then
    return new;
  end if;
  raise exception 'append only' using errcode = '42501';
end $$;
revoke all on function permissions.disclosure_step_may_be_shredded() from public;
create trigger append_only before update or delete on permissions.disclosure_step
  for each row execute function permissions.disclosure_step_may_be_shredded();
create trigger append_only_all before truncate on permissions.disclosure_step
  for each statement execute function permissions.refuse_change();
grant select, insert on permissions.disclosure_step to kyoka_permissions;
`;

const DISCLOSED = `
  update permissions.disclosure_step c set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where c.id = n.id;`;

const shredding = (more: string): string => `
create or replace function permissions.shred_records(erasure uuid, ids uuid[], hashes text[]) returns void
  language sql security definer set search_path = permissions, pg_temp as $$
  update permissions.ledger l set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where l.id = n.id;
  update permissions.decision d set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where d.id = n.id;${more}
$$;
`;
