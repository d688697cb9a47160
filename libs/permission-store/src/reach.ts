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
 * Whose permission state an act may change: the subjects that acted, and whoever shares a contact
 * point with them or has a folded one that acted. Others are told only where somebody there stopped
 * something and there is something that may bear on it; a neighbour who merely appears changes
 * nothing for anybody, or a contact point of many would cost more with everyone who gives it.
 *
 * @returns subject ids in their order, the given ones included
 */
export async function touchedBy(
  tx: Queryable,
  acted: { readonly subjectIds: readonly string[]; readonly folds: readonly Buffer[] },
): Promise<string[]> {
  const bearing = await tx.query<{ fold: Buffer }>(
    `select distinct c.fold from unnest($1::uuid[]) a (id)
     join permissions.v_contact_point c on c.subject_id = a.id and c.class <> 'invalid'
     where ${stopped('a.id')}
        or (select true from permissions.v_lift l where l.subject_id = a.id limit 1)
        or (select true from permissions.v_consent k
            where k.subject_id = a.id and k.act = 'granted' and k.class = 'confirmed' limit 1)`,
    [acted.subjectIds],
  );
  const rows = await tx.query<{ subject_id: string }>(
    `with live as (
       select f.fold from (select distinct unnest($2::bytea[]) as fold) f
       where (select true from permissions.v_stop s where s.fold = f.fold limit 1)
          or (select true from permissions.v_contact_point c
              where c.fold = f.fold and c.class <> 'invalid' and (${stopped('c.subject_id')}) limit 1)
     )
     select id as subject_id from unnest($1::uuid[]) a (id)
     union
     select c.subject_id from live
     join permissions.v_contact_point c on c.fold = live.fold and c.class <> 'invalid'
     order by subject_id`,
    [acted.subjectIds, [...acted.folds, ...bearing.map((row) => row.fold)]],
  );
  return rows.map((row) => row.subject_id);
}

const stopped = (id: string): string =>
  `(select true from permissions.v_stop s where s.subject_id = ${id} limit 1)
   or (select true from permissions.v_consent k
       where k.subject_id = ${id} and k.act = 'withdrawn' limit 1)`;
