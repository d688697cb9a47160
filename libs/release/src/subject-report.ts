import type { Queryable } from '@kyoka/postgres';

/** What one recipient holds, or may hold, of a subject in one audience. */
export interface Holding {
  readonly recipient: string;
  readonly audience: string;
  readonly kind: 'email' | 'phone';
  readonly state: 'sending' | 'processing' | 'held' | 'leaving';
  /** Whether the network has confirmed it. */
  readonly certain: boolean;
  readonly since?: string;
  readonly until?: string;
}

/** Everything that networks hold, or may hold, of a subject now. */
export async function readHoldings(db: Queryable, subjectId: string): Promise<Holding[]> {
  const rows = await db.query<{ holding: Holding }>(
    `select jsonb_strip_nulls(jsonb_build_object('recipient', m.recipient_id, 'audience', m.audience_id, 'kind', m.kind,
       'state', m.state, 'certain', m.certain, 'since', m.held_since, 'until', m.lease_until)) as holding
     from audiences.v_holding m where m.subject_id = $1
     order by m.recipient_id, m.audience_id, m.kind, m.token`,
    [subjectId],
  );
  return rows.map((row) => row.holding);
}

/** One release of a subject's data, as its record of provision tells it. */
export interface ReleaseReport {
  readonly at: string;
  readonly recipient: string;
  readonly audience: string;
  readonly items: readonly string[];
  readonly decisionId: string;
  readonly policy: string;
  readonly evidence: readonly string[];
}

/**
 * The newest releases of a subject, at most `limit`.
 *
 * @param db under the role of any context
 */
export async function readReleases(
  db: Queryable,
  subjectId: string,
  limit: number,
): Promise<ReleaseReport[]> {
  const rows = await db.query<{
    id: string;
    decided_at: Date;
    body: Pick<ReleaseReport, 'recipient' | 'audience' | 'items' | 'policy' | 'evidence'>;
  }>(
    'select id, decided_at, body from audiences.v_release where subject_id = $1 order by decided_at desc, id limit $2',
    [subjectId, limit],
  );
  return rows.map(({ id, decided_at, body }) => ({
    at: decided_at.toISOString(),
    recipient: body.recipient,
    audience: body.audience,
    items: body.items,
    decisionId: id,
    policy: body.policy,
    evidence: body.evidence,
  }));
}
