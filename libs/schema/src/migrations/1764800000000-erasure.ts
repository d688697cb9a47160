import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Erasures: whom they mean, how far each has come, and the keys of the buckets that have to go for it.
 * What leaves the tables leaves them through two functions of the owner, which touch nobody whom no
 * erasure names; the roles of the service can't delete a contact point by themselves.
 */
export class Erasure1764800000000 implements MigrationInterface {
  readonly name = 'Erasure1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [TABLES, KEYS, HELD, PERMISSIONS, AUDIENCES, GRANTS]) {
      await runner.query(part);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function permissions.erase_subjects(uuid, uuid[]);
      drop function audiences.erase_subjects(uuid, uuid[]);
      drop function audiences.still_held(uuid[]);
      drop table permissions.erasure_subject, permissions.erasure, permissions.bucket_rotation;
      alter table permissions.vault drop column generation;
      drop index permissions.contact_point_key;
    `);
  }
}

// waiting: for the removals; cleared: the rows are gone, the keys not yet; erased: nothing is readable
// any more but what backups of the keys still open until the day unreadable_after.
const TABLES = `
create table permissions.erasure (
  id uuid primary key,
  state text not null check (state in ('waiting', 'cleared', 'erased')),
  tokens bytea[] not null,
  requested_at timestamptz(3) not null,
  latest_at timestamptz(3) not null,
  cleared_at timestamptz(3),
  unconfirmed integer,
  erased_at timestamptz(3),
  unreadable_after date,
  records_until date
);
create index erasure_open on permissions.erasure (requested_at) where state <> 'erased';
create table permissions.erasure_subject (
  erasure_id uuid not null references permissions.erasure (id),
  subject_id uuid not null,
  bucket integer,
  key_version bigint,
  primary key (erasure_id, subject_id)
);
create index erasure_subject_subject on permissions.erasure_subject (subject_id);
create index erasure_subject_bucket on permissions.erasure_subject (bucket, key_version) where bucket is not null;
`;

// The first seven bytes of a sealed value name its key: format, bucket, version.
const KEYS = `
create table permissions.bucket_rotation (
  bucket integer not null,
  version bigint not null,
  state text not null check (state in ('making', 'resealing', 'resealed', 'done')),
  started_at timestamptz(3) not null,
  resealed integer not null default 0,
  destroy_at timestamptz(3),
  done_at timestamptz(3),
  primary key (bucket, version)
);
create index bucket_rotation_open on permissions.bucket_rotation (started_at) where state <> 'done';
create index contact_point_key on permissions.contact_point (substring(sealed from 1 for 7));
alter table permissions.vault add column generation integer not null default 0;
`;

const HELD = `
create function audiences.still_held(subjects uuid[]) returns table (held uuid)
  language sql stable security definer set search_path = audiences, pg_temp as $$
  select subject_id from audiences.removal where subject_id = any (subjects) and state <> 'confirmed'
  union
  select subject_id from audiences.member
  where subject_id = any (subjects) and state in ('sending', 'processing', 'held', 'leaving');
$$;
revoke all on function audiences.still_held(uuid[]) from public;
grant execute on function audiences.still_held(uuid[]) to kyoka_permissions;
`;

// The subject's stops that still stand move to its contact points, kept as tokens: they reach whoever
// shares one, or brings one again. A withdrawal belongs to a subject, so it goes on as an objection.
const PERMISSIONS = `
create function permissions.erase_subjects(erasure uuid, subjects uuid[])
  returns table (subject uuid, contacts integer)
  language plpgsql security definer set search_path = permissions, pg_temp as $$
begin
  if exists (select from unnest(subjects) s where not exists (
      select from permissions.erasure_subject e where e.erasure_id = erasure and e.subject_id = s)) then
    raise exception 'no erasure names this subject' using errcode = '42501';
  end if;

  insert into permissions.stop as t (origin, subject_id, fold, kind, purpose, channel, at, evidence_id, actor, entry)
    with standing as (
      select s.subject_id, s.kind, s.purpose, s.channel, s.at, s.evidence_id, s.actor, s.entry
      from permissions.stop s
      where s.subject_id = any (subjects) and s.kind in ('objection', 'complaint', 'suspension', 'erasure')
        and not exists (
          select from permissions.lift l
          where s.kind in ('suspension', 'erasure') and l.subject_id = s.subject_id and l.kind = 'lift' and l.at > s.at
            and l.purpose in ('*', s.purpose) and l.channel in ('*', s.channel))
        and not exists (
          select from permissions.consent c
          where s.kind in ('objection', 'complaint') and c.subject_id = s.subject_id and c.act = 'granted'
            and c.class = 'confirmed' and c.at > s.at and c.purpose = s.purpose and c.channel = s.channel)
      union all
      select w.subject_id, 'objection', w.purpose, w.channel, w.at, w.evidence_id, w.actor, w.entry
      from permissions.consent w
      where w.subject_id = any (subjects) and w.act = 'withdrawn'
        and not exists (
          select from permissions.consent g
          where g.subject_id = w.subject_id and g.act = 'granted' and g.class <> 'unproven' and g.at > w.at
            and (g.purpose, g.channel, g.recipient) = (w.purpose, w.channel, w.recipient))
    ), placed as (
      select c.fold as origin, null::uuid as subject_id, c.fold, s.kind, s.purpose, s.channel, s.at, s.evidence_id,
        s.actor, s.entry
      from standing s
      join permissions.contact_point c on c.subject_id = s.subject_id and c.class <> 'invalid'
      union all
      select decode(replace(s.subject_id::text, '-', ''), 'hex'), s.subject_id, null, s.kind, s.purpose, s.channel,
        s.at, s.evidence_id, s.actor, s.entry
      from standing s
    )
    select distinct on (n.origin, n.kind, n.purpose, n.channel) n.*
    from placed n
    order by n.origin, n.kind, n.purpose, n.channel, n.at desc
    on conflict (origin, kind, purpose, channel) do update set
      at = excluded.at, evidence_id = excluded.evidence_id, actor = excluded.actor, entry = excluded.entry
    where excluded.at > t.at;

  update permissions.stop_act a set folds = array(
      select f from unnest(a.folds) f
      union
      select c.fold from permissions.contact_point c where c.subject_id = a.subject_id and c.class <> 'invalid')
    where a.subject_id = any (subjects)
      and a.kind in ('withdrawal', 'objection', 'complaint', 'suspension', 'erasure');

  return query
    select s.id, (select count(*)::integer from permissions.contact_point c where c.subject_id = s.id)
    from unnest(subjects) s (id);

  delete from permissions.order_version v using permissions.order_line l
    where l.subject_id = any (subjects) and (v.source, v.order_ref) = (l.source, l.order_ref);
  delete from permissions.order_cancellation v using permissions.order_line l
    where l.subject_id = any (subjects) and (v.source, v.order_ref) = (l.source, l.order_ref);
  delete from permissions.order_line where subject_id = any (subjects);
  delete from permissions.page_token where subject_id = any (subjects);
  delete from permissions.page_confirmation where subject_id = any (subjects);
  delete from permissions.duty_mail where subject_id = any (subjects);
  delete from permissions.consent where subject_id = any (subjects);
  delete from permissions.contact_point where subject_id = any (subjects);
  update permissions.subject set
      category = null, category_at = null, category_event = null, acquired_source = null, acquired_at = null,
      acquired_event = null, policy_version = null, notice_shown = null, registered_at = null, ads_on_at = null
    where id = any (subjects);
end $$;
revoke all on function permissions.erase_subjects(uuid, uuid[]) from public;
grant execute on function permissions.erase_subjects(uuid, uuid[]) to kyoka_permissions;
`;

// What a network may still hold keeps its row until its removal is confirmed. Attempts, removals and
// releases are the record of what was provided and undone.
const AUDIENCES = `
create function audiences.erase_subjects(erasure uuid, subjects uuid[]) returns void
  language plpgsql security definer set search_path = audiences, pg_temp as $$
begin
  if exists (select from unnest(subjects) s where not exists (
      select from permissions.erasure_subject e where e.erasure_id = erasure and e.subject_id = s)) then
    raise exception 'no erasure names this subject' using errcode = '42501';
  end if;
  delete from audiences.run_subject where subject_id = any (subjects)
    and run_id in (select id from audiences.run where state not in ('building', 'sending'));
  delete from audiences.member where subject_id = any (subjects) and state in ('wanted', 'gone', 'refused');
end $$;
revoke all on function audiences.erase_subjects(uuid, uuid[]) from public;
grant execute on function audiences.erase_subjects(uuid, uuid[]) to kyoka_permissions;
`;

const GRANTS = `
grant select, insert, update on permissions.erasure, permissions.erasure_subject, permissions.bucket_rotation
  to kyoka_permissions;
grant update (generation) on permissions.vault to kyoka_permissions;
`;
