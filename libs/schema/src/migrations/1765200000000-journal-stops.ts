import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the stop journal told of a subject's contact points goes once the database knows by itself that
 * the subject has them: from then on the subject's own stops reach whoever shares them. The role may not
 * delete a stop, so the owner does, and only one whose origin says whose it was.
 */
export class JournalStops1765200000000 implements MigrationInterface {
  readonly name = 'JournalStops1765200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function permissions.settle_journal_stops(subjects uuid[], folds bytea[]) returns void
        language sql security definer set search_path = permissions, pg_temp as $$
        delete from permissions.stop s using unnest(subjects, folds) as n (subject_id, fold)
        where s.origin = uuid_send(n.subject_id) || n.fold and s.fold = n.fold
          and exists (select from permissions.contact_point c
            where c.subject_id = n.subject_id and c.fold = n.fold and c.class <> 'invalid');
      $$;
      revoke all on function permissions.settle_journal_stops(uuid[], bytea[]) from public;
      grant execute on function permissions.settle_journal_stops(uuid[], bytea[]) to kyoka_permissions`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function permissions.settle_journal_stops(uuid[], bytea[])');
  }
}
