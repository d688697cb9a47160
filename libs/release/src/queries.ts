import type { RemovalStatus } from '@kyoka/suspension';
import type { Queryable } from '@kyoka/postgres';
import { REMOVAL_PROGRESS } from './progress.js';

/** A run and its waterfall, in people. Moments are ISO 8601 in UTC. */
export interface RunReport {
  readonly id: string;
  readonly audience: string;
  readonly state: 'building' | 'sending' | 'settling' | 'finished' | 'stopped';
  readonly startedBy: string;
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

/** A person counts as accepted once any of their requests was, whatever happened to earlier ones. */
export async function readRun(db: Queryable, runId: string): Promise<RunReport | undefined> {
  const [row] = await db.query<RunRow>(
    `with person as (
       select i.subject_id,
         bool_or(a.state = 'accepted' and not i.refused and a.job_state is distinct from 'failed') as accepted,
         bool_or(i.refused) as refused,
         bool_or(a.state = 'unknown') as unknown
       from audiences.attempt_item i join audiences.attempt a on a.id = i.attempt_id
       where i.run_id = $1 group by i.subject_id)
     select r.id, r.audience_id, r.state, r.actor, r.started_at, r.finished_at, r.segment, r.allowed,
       r.refused_first, r.refused_any, r.to_add, r.to_remove,
       (select coalesce(sum(persons), 0)::integer from audiences.gate_refusal g where g.run_id = r.id) as stopped_at_gate,
       (select count(*)::integer from person) as sent,
       (select count(*)::integer from person p where p.accepted) as accepted,
       (select count(*)::integer from person p where p.refused and not p.accepted) as refused_by_network,
       (select count(*)::integer from person p where p.unknown and not p.accepted) as unknown
     from audiences.run r where r.id = $1`,
    [runId],
  );
  if (row === undefined) return undefined;
  return {
    id: row.id,
    audience: row.audience_id,
    state: row.state,
    startedBy: row.actor,
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

/** The stops of these ids that there are, in the order of their acts. */
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
         from audiences.removal_stop l join audiences.removal r on r.id = l.removal_id
         join audiences.audience a on a.id = r.audience_id
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

export async function readHoldings(db: Queryable, subjectId: string): Promise<Holding[]> {
  const rows = await db.query<{ holding: Holding }>(
    `select jsonb_strip_nulls(jsonb_build_object('recipient', a.recipient_id, 'audience', a.id, 'kind', m.kind,
       'state', m.state, 'certain', m.certain, 'since', m.held_since, 'until', m.lease_until)) as holding
     from audiences.member m join audiences.audience a on a.id = m.audience_id
     where m.subject_id = $1 and m.state in ('sending', 'processing', 'held', 'leaving')
     order by a.recipient_id, a.id, m.kind, m.token`,
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

/** The newest releases of a subject, at most `limit`. */
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
    'select id, decided_at, body from audiences.release where subject_id = $1 order by decided_at desc, id limit $2',
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
