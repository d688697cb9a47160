import type { Queryable } from '@kyoka/postgres';

/** Ties each open removal of these subjects, in these audiences, to the stop that asks for it. */
export async function linkStops(
  tx: Queryable,
  links: readonly {
    readonly stopActId: string;
    readonly audienceId: string;
    readonly subjectId: string;
  }[],
): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `insert into audiences.removal_stop (stop_act_id, removal_id)
     select k.stop_act_id, r.id
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (stop_act_id, audience_id, subject_id)
     join audiences.removal r on r.audience_id = k.audience_id and r.subject_id = k.subject_id and r.state <> 'confirmed'
     on conflict do nothing`,
    [
      links.map((link) => link.stopActId),
      links.map((link) => link.audienceId),
      links.map((link) => link.subjectId),
    ],
  );
}
