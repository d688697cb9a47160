import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The entry that says what an erasure left ends with the erasure's other records: it names stops,
 * evidence and folded contact points of one person together.
 */
export class RemainsEnd1765760000000 implements MigrationInterface {
  readonly name = 'RemainsEnd1765760000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      shredding(`or (before ->> 'act' = 'erasure_carried_out' and entered = e.cleared_at)`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(shredding(''));
  }
}

const shredding = (more: string): string => `
create or replace function permissions.is_shredding(before jsonb, after jsonb, subject uuid, entered timestamptz)
  returns boolean language sql stable security definer set search_path = permissions, pg_temp as $$
  select after - 'body' = before - 'body'
    and after -> 'body' = jsonb_build_object('shredded', after #>> '{body,shredded}')
    and after #>> '{body,shredded}' ~ '^[0-9a-f]{64}$'
    and exists (
      select from permissions.erasure_subject s join permissions.erasure e on e.id = s.erasure_id
      where s.subject_id = subject and e.state = 'erased'
        and (entered < e.cleared_at or (before ->> 'act_at')::timestamptz <= e.requested_at ${more})
        and e.records_until < (now() at time zone 'Asia/Tokyo')::date);
$$;
`;
