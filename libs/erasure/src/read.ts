import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** How an erasure stands. */
export interface ErasureReport {
  readonly id: string;
  readonly state: 'waiting' | 'cleared' | 'erased';
  readonly subjects: readonly string[];
  readonly requestedAt: Instant;
  /** When it waits for removals no longer. */
  readonly latestAt: Instant;
  readonly clearedAt: Instant | undefined;
  /** Of the subjects, how many a network could still hold when they were cleared. */
  readonly unconfirmed: number | undefined;
  readonly erasedAt: Instant | undefined;
  /** The last day (Asia/Tokyo) on which anything could still be read. */
  readonly unreadableAfter: string | undefined;
  /** The last day (Asia/Tokyo) of the records that the law wants kept. */
  readonly recordsUntil: string | undefined;
}

interface Row {
  readonly id: string;
  readonly state: ErasureReport['state'];
  readonly subjects: string[];
  readonly requested_at: Date;
  readonly latest_at: Date;
  readonly cleared_at: Date | null;
  readonly unconfirmed: number | null;
  readonly erased_at: Date | null;
  readonly unreadable_after: string | null;
  readonly records_until: string | null;
}

const SELECT = `select e.id, e.state, e.requested_at, e.latest_at, e.cleared_at, e.unconfirmed, e.erased_at,
    e.unreadable_after::text, e.records_until::text,
    array(select s.subject_id from permissions.erasure_subject s where s.erasure_id = e.id order by 1) as subjects
  from permissions.erasure e`;

/** The erasures of these ids, oldest first. */
export async function readErasures(
  db: Queryable,
  ids: readonly string[],
): Promise<ErasureReport[]> {
  const rows = await db.query<Row>(
    `${SELECT} where e.id = any ($1::uuid[]) order by e.requested_at, e.id`,
    [ids],
  );
  return rows.map(reportOf);
}

/** The newest erasures, for the company's people. */
export async function newestErasures(db: Queryable, limit: number): Promise<ErasureReport[]> {
  const rows = await db.query<Row>(`${SELECT} order by e.requested_at desc, e.id limit $1`, [
    limit,
  ]);
  return rows.map(reportOf);
}

/**
 * The last erasure that took a subject's rows out, where nothing has come in of it since; else
 * `undefined`.
 */
export async function erasureOf(
  db: Queryable,
  subjectId: string,
): Promise<ErasureReport | undefined> {
  const [row] = await db.query<Row>(
    `${SELECT} where e.state <> 'waiting'
       and e.id in (select s.erasure_id from permissions.erasure_subject s where s.subject_id = $1)
       and exists (select from permissions.subject p where p.id = $1 and p.category is null)
       and not exists (select from permissions.contact_point c where c.subject_id = $1)
       and not exists (select from permissions.consent k where k.subject_id = $1)
       and not exists (select from permissions.order_line l where l.subject_id = $1)
     order by e.cleared_at desc, e.id limit 1`,
    [subjectId],
  );
  return row && reportOf(row);
}

const reportOf = (row: Row): ErasureReport => ({
  id: row.id,
  state: row.state,
  subjects: row.subjects,
  requestedAt: row.requested_at.getTime(),
  latestAt: row.latest_at.getTime(),
  clearedAt: row.cleared_at?.getTime(),
  unconfirmed: row.unconfirmed ?? undefined,
  erasedAt: row.erased_at?.getTime(),
  unreadableAfter: row.unreadable_after ?? undefined,
  recordsUntil: row.records_until ?? undefined,
});
