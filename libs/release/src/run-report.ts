import type { Queryable } from '@kyoka/postgres';

/** A run and its waterfall, in people. Moments are ISO 8601 in UTC. */
export interface RunReport {
  readonly id: string;
  readonly audience: string;
  readonly state: 'building' | 'sending' | 'settling' | 'finished' | 'stopped';
  readonly startedBy: string;
  /** Whether its cadence started it. */
  readonly scheduled: boolean;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly waterfall: {
    readonly segment: number;
    /** `people`: by their first reason, so these add up; `withAny`: everybody the reason applies to. */
    readonly minus: readonly {
      readonly code: string;
      readonly people: number;
      readonly withAny: number;
    }[];
    readonly permitted: number;
    readonly unchanged: number;
    readonly toAdd: number;
    readonly toRemove: number;
    /** Permitted when they were chosen, refused before anything of theirs was sent. */
    readonly stoppedAtGate: number;
    readonly sent: number;
    readonly accepted: number;
    readonly refusedByNetwork: number;
    readonly unknown: number;
  };
}

interface RunRow {
  id: string;
  audience_id: string;
  state: RunReport['state'];
  actor: string;
  scheduled: boolean;
  started_at: Date;
  finished_at: Date | null;
  segment: number;
  allowed: number;
  refused_first: Record<string, number>;
  refused_any: Record<string, number>;
  to_add: number;
  to_remove: number;
  stopped_at_gate: number;
  sent: number;
  accepted: number;
  refused_by_network: number;
  unknown: number;
}

/**
 * Reads a run. A person counts as sent once something of theirs may have reached the network, and
 * then as accepted if any request that named them was, whole and without a doubt; as refused if the
 * network named them as a bad record; as unknown otherwise.
 */
export async function readRun(db: Queryable, runId: string): Promise<RunReport | undefined> {
  const [row] = await db.query<RunRow>(
    `with person as (
       select i.subject_id,
         bool_or(a.state in ('accepted', 'unknown', 'sending') or i.refused) as sent,
         bool_or(a.state = 'accepted' and a.code = 'taken' and not i.refused
           and coalesce(a.job_state, 'complete') in ('running', 'complete')) as accepted,
         bool_or(i.refused) as refused
       from audiences.attempt_item i join audiences.attempt a on a.id = i.attempt_id
       where i.run_id = $1 group by i.subject_id)
     select r.id, r.audience_id, r.state, r.actor, r.scheduled, r.started_at, r.finished_at, r.segment, r.allowed,
       r.refused_first, r.refused_any, r.to_add, r.to_remove,
       (select coalesce(sum(persons), 0)::integer from audiences.gate_refusal g where g.run_id = r.id) as stopped_at_gate,
       (select count(*)::integer from person p where p.sent) as sent,
       (select count(*)::integer from person p where p.accepted) as accepted,
       (select count(*)::integer from person p where p.refused and not p.accepted) as refused_by_network,
       (select count(*)::integer from person p where p.sent and not p.accepted and not p.refused) as unknown
     from audiences.run r where r.id = $1`,
    [runId],
  );
  if (row === undefined) return undefined;
  return {
    id: row.id,
    audience: row.audience_id,
    state: row.state,
    startedBy: row.actor,
    scheduled: row.scheduled,
    startedAt: row.started_at.toISOString(),
    ...(row.finished_at && { finishedAt: row.finished_at.toISOString() }),
    waterfall: {
      segment: row.segment,
      minus: Object.keys(row.refused_any)
        .sort()
        .map((code) => ({
          code,
          people: row.refused_first[code] ?? 0,
          withAny: row.refused_any[code] ?? 0,
        })),
      permitted: row.allowed,
      unchanged: row.allowed - row.to_add,
      toAdd: row.to_add,
      toRemove: row.to_remove,
      stoppedAtGate: row.stopped_at_gate,
      sent: row.sent,
      accepted: row.accepted,
      refusedByNetwork: row.refused_by_network,
      unknown: row.unknown,
    },
  };
}
