import type { Queryable } from '@kyoka/postgres';

/** Removals that are not confirmed, at every recipient. */
export interface OpenRemovals {
  /** Asked for, and within the time that the network declares. */
  readonly underWay: number;
  readonly overdue: number;
}

/** @param db under the role `kyoka_audiences`, like all here */
export async function countOpenRemovals(db: Queryable): Promise<OpenRemovals> {
  const [row] = await db.query<{ under_way: number; overdue: number }>(
    `select count(*) filter (where state <> 'overdue')::integer as under_way,
        count(*) filter (where state = 'overdue')::integer as overdue
       from audiences.removal where state <> 'confirmed'`,
  );
  return { underWay: row?.under_way ?? 0, overdue: row?.overdue ?? 0 };
}

/** A removal that its network has not confirmed in time. Moments are ISO 8601 in UTC. */
export interface OverdueRemoval {
  readonly id: string;
  readonly recipient: string;
  readonly audience: { readonly id: string; readonly name: string };
  readonly subject: string;
  readonly cause: string;
  readonly requestedAt: string;
  readonly sentAt?: string;
  readonly sends: number;
  readonly dueBy: string;
  /** The stops that asked for it; none where it left for another cause. */
  readonly stops: readonly string[];
}

/** The removals that have been overdue for longest. */
export async function listOverdue(db: Queryable, limit: number): Promise<OverdueRemoval[]> {
  const rows = await db.query<{
    id: string;
    recipient_id: string;
    audience_id: string;
    name: string;
    subject_id: string;
    cause: string;
    requested_at: Date;
    first_sent_at: Date | null;
    sends: number;
    due_by: Date;
    stops: string[];
  }>(
    `select r.id, a.recipient_id, a.id as audience_id, a.name, r.subject_id, r.cause, r.requested_at,
        r.first_sent_at, r.sends, r.due_by,
        array(select l.stop_act_id::text from audiences.removal_stop l where l.removal_id = r.id order by 1) as stops
       from audiences.removal r join audiences.audience a on a.id = r.audience_id
      where r.state = 'overdue' order by r.due_by, r.id limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    id: row.id,
    recipient: row.recipient_id,
    audience: { id: row.audience_id, name: row.name },
    subject: row.subject_id,
    cause: row.cause,
    requestedAt: row.requested_at.toISOString(),
    ...(row.first_sent_at && { sentAt: row.first_sent_at.toISOString() }),
    sends: row.sends,
    dueBy: row.due_by.toISOString(),
    stops: row.stops,
  }));
}
