import type { Queryable } from '@kyoka/postgres';
import type { RemovalStatus } from '@kyoka/suspension';
import { REMOVAL_PROGRESS } from './progress.js';

/** How one removal stands: `unconfirmed` until the moment `until`, then `overdue`; or `confirmed`. */
export interface RemovalReport {
  readonly recipient: string;
  readonly state: Exclude<RemovalStatus, 'requested'>;
  readonly until?: string;
  readonly requestedAt: string;
  readonly sentAt?: string;
  readonly confirmedAt?: string;
  readonly basis?: 'job_status' | 'declared_time';
}

/** A person's stop, and what became of every release that it has to undo. */
export interface StopReport {
  readonly id: string;
  readonly kind: string;
  readonly scope: { readonly purposes: readonly string[]; readonly channels: readonly string[] };
  readonly occurredAt: string;
  readonly barrierAt: string;
  /** Whether every recipient has been looked at; until then removals may be missing. */
  readonly followed: boolean;
  readonly removals: readonly (RemovalReport & {
    readonly audience: string;
    readonly subject: string;
  })[];
}

/**
 * The stops of these ids that there are, in the order of their acts.
 *
 * @param db under the role of any context
 */
export async function readStops(
  db: Queryable,
  stopActIds: readonly string[],
): Promise<StopReport[]> {
  const rows = await db.query<{
    id: string;
    kind: string;
    purposes: string[];
    channels: string[];
    act_at: Date;
    committed_at: Date;
    fanned_out_at: Date | null;
    removals: StopReport['removals'];
  }>(
    `select s.id, s.kind, s.purposes, s.channels, s.act_at, s.committed_at, s.fanned_out_at,
       coalesce((select jsonb_agg(${REMOVAL_PROGRESS} || jsonb_build_object('audience', a.id, 'subject', r.subject_id)
           order by a.recipient_id, a.id, r.requested_at, r.id)
         from audiences.v_removal_stop l join audiences.v_removal r on r.id = l.removal_id
         join audiences.v_audience a on a.id = r.audience_id
         where l.stop_act_id = s.id), '[]') as removals
     from permissions.v_stop_act s where s.id = any ($1::uuid[]) order by s.act_at, s.id`,
    [stopActIds],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    scope: { purposes: row.purposes, channels: row.channels },
    occurredAt: row.act_at.toISOString(),
    barrierAt: row.committed_at.toISOString(),
    followed: row.fanned_out_at !== null,
    removals: row.removals,
  }));
}
