import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An erasure of an address also means who brings it later with an event from before the wish; and with
 * the records of an erased person everything else ends that still names them beside their stop: what a
 * network never confirmed, and the segments of runs.
 */
export class ErasureReach1765400000000 implements MigrationInterface {
  readonly name = 'ErasureReach1765400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index erasure_tokens on permissions.erasure using gin (tokens)');
    await runner.query(shredding(OLDER));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index permissions.erasure_tokens');
    await runner.query(shredding(CONFIRMED));
  }
}

// Of the time before the rows went, or of a contact point that the subject has no more: what came in
// after the wish is a new start, and stays.
const OLDER = `
  delete from audiences.removal_stop l using audiences.removal r
    where l.removal_id = r.id and r.subject_id = any (gone)
      and (r.requested_at < until or not exists (select from permissions.contact_point c
        where (c.subject_id, c.kind, c.token) = (r.subject_id, r.kind, r.token)));
  delete from audiences.removal r where r.subject_id = any (gone)
    and (r.requested_at < until or not exists (select from permissions.contact_point c
      where (c.subject_id, c.kind, c.token) = (r.subject_id, r.kind, r.token)));
  delete from audiences.member m where m.subject_id = any (gone)
    and not exists (select from permissions.contact_point c
      where (c.subject_id, c.kind, c.token) = (m.subject_id, m.kind, m.token));
  delete from audiences.run_subject s using audiences.run u
    where u.id = s.run_id and s.subject_id = any (gone) and u.started_at < until;`;

const CONFIRMED = `
  delete from audiences.removal_stop l using audiences.removal r
    where l.removal_id = r.id and r.subject_id = any (gone) and r.requested_at < until and r.state = 'confirmed';
  delete from audiences.removal where subject_id = any (gone) and requested_at < until and state = 'confirmed';`;

const shredding = (rest: string): string => `
create or replace function audiences.shred_records(erasure uuid, ids uuid[], hashes text[]) returns void
  language plpgsql security definer set search_path = audiences, pg_temp as $$
declare gone uuid[];
declare until timestamptz;
begin
  update audiences.release r set body = jsonb_build_object('shredded', n.hash)
    from unnest(ids, hashes) as n (id, hash) where r.id = n.id;
  select array_agg(s.subject_id), max(e.cleared_at) into gone, until
    from permissions.erasure e join permissions.erasure_subject s on s.erasure_id = e.id
    where e.id = erasure and e.state = 'erased' and e.records_until < (now() at time zone 'Asia/Tokyo')::date;
  ${rest}
  delete from audiences.attempt_item i using audiences.attempt a
    where a.id = i.attempt_id and i.subject_id = any (gone) and a.gate_at < until;
end $$;
`;
