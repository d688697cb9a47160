import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The records of an event that comes in after its subject's rows went, and tells of a time before the
 * wish, end with the erasure's other records. What the person did after the wish is a new start, and stays.
 */
export class LateRecords1765700000000 implements MigrationInterface {
  readonly name = 'LateRecords1765700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      shredding(`(entered < e.cleared_at or (before ->> 'act_at')::timestamptz <= e.requested_at)`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(shredding('entered < e.cleared_at'));
  }
}

const shredding = (ofErased: string): string => `
create or replace function permissions.is_shredding(before jsonb, after jsonb, subject uuid, entered timestamptz)
  returns boolean language sql stable security definer set search_path = permissions, pg_temp as $$
  select after - 'body' = before - 'body'
    and after -> 'body' = jsonb_build_object('shredded', after #>> '{body,shredded}')
    and after #>> '{body,shredded}' ~ '^[0-9a-f]{64}$'
    and exists (
      select from permissions.erasure_subject s join permissions.erasure e on e.id = s.erasure_id
      where s.subject_id = subject and e.state = 'erased' and ${ofErased}
        and e.records_until < (now() at time zone 'Asia/Tokyo')::date);
$$;
`;
