import type { Queryable } from '@kyoka/postgres';

/**
 * Whom each stop act reaches: a subject, everybody who shares a contact point that it has or had
 * (one step, no further), and for a stop of bare contact points whoever has or had one of them.
 *
 * @returns subject ids by stop act id; acts that reach nobody yet are present with an empty list
 */
export async function reachOf(
  tx: Queryable,
  stopActIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ act: string; subject_id: string }>(
    `with act as (
       select id, subject_id, folds from permissions.v_stop_act where id = any ($1::uuid[])
     ), fold as (
       select a.id, f as fold from act a, unnest(a.folds) f
       union
       select a.id, c.fold from act a join permissions.v_contact_point c on c.subject_id = a.subject_id
       where c.class <> 'invalid'
     )
     select id as act, subject_id from act where subject_id is not null
     union
     select f.id, c.subject_id from fold f join permissions.v_contact_point c on c.fold = f.fold
     where c.class <> 'invalid'`,
    [stopActIds],
  );
  const reach = new Map<string, string[]>(stopActIds.map((id) => [id, []]));
  for (const row of rows) reach.get(row.act)?.push(row.subject_id);
  return reach;
}

/**
 * Whose permission state an act may change: of each subject and folded contact point that acted,
 * everybody who shares or has it.
 *
 * @returns subject ids in their order, the given ones included
 */
export async function touchedBy(
  tx: Queryable,
  acted: { readonly subjectIds: readonly string[]; readonly folds: readonly Buffer[] },
): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }>(
    `with fold as (
       select f as fold from unnest($2::bytea[]) f
       union
       select c.fold from permissions.v_contact_point c
       where c.subject_id = any ($1::uuid[]) and c.class <> 'invalid'
     )
     select s as subject_id from unnest($1::uuid[]) s
     union
     select c.subject_id from fold f join permissions.v_contact_point c on c.fold = f.fold
     where c.class <> 'invalid'
     order by subject_id`,
    [acted.subjectIds, acted.folds],
  );
  return rows.map((row) => row.subject_id);
}
