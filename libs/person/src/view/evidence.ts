import type { Queryable } from '@kyoka/postgres';

/** What proves an allowed use, in the person's own terms: when, and on which form. */
export interface EvidenceShown {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly form?: string | undefined;
  readonly wordingVersion?: string | undefined;
}

/** The evidence of a subject's own acts, by its id, from the ledger. */
export async function evidenceOf(
  db: Queryable,
  subjectId: string,
  ids: readonly string[],
): Promise<Map<string, EvidenceShown>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{
    id: string;
    act_at: Date;
    form: string | null;
    wording: string | null;
  }>(
    `select body -> 'evidence' ->> 'id' as id, max(act_at) as act_at, max(body -> 'evidence' ->> 'form') as form,
            max(body -> 'evidence' ->> 'wordingVersion') as wording
     from permissions.ledger where subject_id = $1 and body -> 'evidence' ->> 'id' = any ($2::text[])
     group by 1`,
    [subjectId, ids],
  );
  return new Map(
    rows.map(({ id, act_at: at, form, wording }) => [
      id,
      { id, at: at.toISOString(), form: form ?? undefined, wordingVersion: wording ?? undefined },
    ]),
  );
}
