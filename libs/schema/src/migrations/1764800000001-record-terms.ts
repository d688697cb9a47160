import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The end of the records of erased people. An entry of a chain may give up its body for the hash under
 * which its block was sealed, and nothing else of it may change; only an entry of somebody erased, from
 * before the erasure, after the day that its receipt names.
 */
export class RecordTerms1764800000001 implements MigrationInterface {
  readonly name = 'RecordTerms1764800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TERM);
    for (const { table, at, context } of ENTRIES) await runner.query(guard(table, at, context));
    await runner.query(SHRED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function audiences.shred_records(uuid, uuid[], text[])');
    await runner.query('drop function permissions.shred_records(uuid, uuid[], text[])');
    for (const { table, context } of ENTRIES) {
      await runner.query(`drop trigger append_only on ${table}`);
      await runner.query(trigger(table, `${context}.refuse_change()`));
      await runner.query(`drop function ${table}_may_be_shredded()`);
    }
    await runner.query('drop function permissions.is_shredding(jsonb, jsonb, uuid, timestamptz)');
    await runner.query('alter table permissions.erasure drop column records_gone_at');
  }
}

const ENTRIES = [
  { table: 'permissions.ledger', at: 'arrived_at', context: 'permissions' },
  { table: 'permissions.decision', at: 'decided_at', context: 'permissions' },
  { table: 'audiences.release', at: 'decided_at', context: 'audiences' },
] as const;

const TERM = `
alter table permissions.erasure add column records_gone_at timestamptz(3);
create index erasure_records on permissions.erasure (records_until) where state = 'erased' and records_gone_at is null;
create function permissions.is_shredding(before jsonb, after jsonb, subject uuid, entered timestamptz)
  returns boolean language sql stable security definer set search_path = permissions, pg_temp as $$
  select after - 'body' = before - 'body'
    and after -> 'body' = jsonb_build_object('shredded', after #>> '{body,shredded}')
    and after #>> '{body,shredded}' ~ '^[0-9a-f]{64}$'
    and exists (
      select from permissions.erasure_subject s join permissions.erasure e on e.id = s.erasure_id
      where s.subject_id = subject and e.state = 'erased' and entered < e.cleared_at
        and e.records_until < (now() at time zone 'Asia/Tokyo')::date);
$$;
revoke all on function permissions.is_shredding(jsonb, jsonb, uuid, timestamptz) from public;
`;

const trigger = (table: string, by: string): string => `
create trigger append_only before update or delete on ${table} for each row execute function ${by};`;

const guard = (table: string, at: string, context: string): string => `
create function ${table}_may_be_shredded() returns trigger
  language plpgsql security definer set search_path = ${context}, pg_temp as $$
begin
  if tg_op = 'UPDATE' and permissions.is_shredding(to_jsonb(old), to_jsonb(new), old.subject_id, old.${at}) then
    return new;
  end if;
  raise exception 'append only' using errcode = '42501';
end $$;
revoke all on function ${table}_may_be_shredded() from public;
drop trigger append_only on ${table};
${trigger(table, `${table}_may_be_shredded()`)}
`;

// What was sent and undone goes with the records that it belongs to.
const SHRED = `
create function permissions.shred_records(erasure uuid, ids uuid[], hashes text[]) returns void
  language sql security definer set search_path = permissions, pg_temp as $$
  update permissions.ledger l set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where l.id = n.id;
  update permissions.decision d set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where d.id = n.id;
$$;
revoke all on function permissions.shred_records(uuid, uuid[], text[]) from public;
grant execute on function permissions.shred_records(uuid, uuid[], text[]) to kyoka_permissions;
create function audiences.shred_records(erasure uuid, ids uuid[], hashes text[]) returns void
  language plpgsql security definer set search_path = audiences, pg_temp as $$
declare gone uuid[];
declare until timestamptz;
begin
  update audiences.release r set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where r.id = n.id;
  select array_agg(s.subject_id), max(e.cleared_at) into gone, until
    from permissions.erasure e join permissions.erasure_subject s on s.erasure_id = e.id
    where e.id = erasure and e.state = 'erased' and e.records_until < (now() at time zone 'Asia/Tokyo')::date;
  delete from audiences.removal_stop l using audiences.removal r
    where l.removal_id = r.id and r.subject_id = any (gone) and r.requested_at < until and r.state = 'confirmed';
  delete from audiences.removal where subject_id = any (gone) and requested_at < until and state = 'confirmed';
  delete from audiences.attempt_item i using audiences.attempt a
    where a.id = i.attempt_id and i.subject_id = any (gone) and a.gate_at < until;
end $$;
revoke all on function audiences.shred_records(uuid, uuid[], text[]) from public;
grant execute on function audiences.shred_records(uuid, uuid[], text[]) to kyoka_permissions;
`;
