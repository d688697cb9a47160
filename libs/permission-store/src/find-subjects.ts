import type { ContactKind } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** A person by what the asker knows of them; a contact point comes as its lookup token. */
export type SubjectQuery =
  | { readonly id: string }
  | { readonly source: string; readonly ref: string }
  | { readonly kind: ContactKind; readonly token: Buffer };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The subjects that each query means: none or one by id or by source and reference, any number by
 * contact point. One statement for all queries of a kind.
 *
 * @returns ids per query, in the order of `queries`, each list sorted
 */
export async function findSubjects(
  tx: Queryable,
  queries: readonly SubjectQuery[],
): Promise<string[][]> {
  const found = queries.map((): string[] => []);
  const numbered = queries.map((query, n) => ({ query, n }));
  const byId = numbered.flatMap(({ query, n }) =>
    'id' in query && UUID.test(query.id) ? [{ n, id: query.id }] : [],
  );
  const byRef = numbered.flatMap(({ query, n }) => ('source' in query ? [{ n, ...query }] : []));
  const byToken = numbered.flatMap(({ query, n }) => ('token' in query ? [{ n, ...query }] : []));
  const collect = async (sql: string, parameters: readonly unknown[]): Promise<void> => {
    const rows = await tx.query<{ n: number; subject_id: string }>(sql, parameters);
    for (const row of rows) found[row.n]?.push(row.subject_id);
  };
  if (byId.length > 0) {
    await collect(
      `select q.n, s.subject_id from unnest($1::integer[], $2::uuid[]) as q (n, id)
       join permissions.v_subject s on s.subject_id = q.id`,
      [byId.map((one) => one.n), byId.map((one) => one.id)],
    );
  }
  if (byRef.length > 0) {
    await collect(
      `select q.n, s.subject_id from unnest($1::integer[], $2::text[], $3::text[]) as q (n, source, ref)
       join permissions.v_subject s on s.source = q.source and s.ref = q.ref`,
      [byRef.map((one) => one.n), byRef.map((one) => one.source), byRef.map((one) => one.ref)],
    );
  }
  if (byToken.length > 0) {
    await collect(
      `select distinct q.n, c.subject_id from unnest($1::integer[], $2::text[], $3::bytea[]) as q (n, kind, token)
       join permissions.v_contact_point c on c.token = q.token and c.kind = q.kind order by q.n, c.subject_id`,
      [
        byToken.map((one) => one.n),
        byToken.map((one) => one.kind),
        byToken.map((one) => one.token),
      ],
    );
  }
  return found;
}
