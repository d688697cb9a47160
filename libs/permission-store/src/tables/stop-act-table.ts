import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** Every kind of act that narrows what is allowed, so that removals have to follow it. */
export type StopActKind =
  | 'withdrawal'
  | 'ads_off'
  | 'cancelled'
  | 'objection'
  | 'suspension'
  | 'complaint'
  | 'hard_bounce'
  | 'unfollowed'
  | 'returned_post'
  | 'erasure';

export interface StopAct {
  readonly id: string;
  readonly kind: StopActKind;
  readonly subjectId: string | null;
  readonly folds: readonly Buffer[];
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly actAt: Instant;
  readonly arrivedAt: Instant;
}

/** The NOTIFY channel that tells the removal scheduler of a committed stop. The payload is empty. */
export const STOP_CHANNEL = 'kyoka_stop';

/** Records the acts that removals have to follow, and wakes the scheduler at commit. */
export async function insertStopActs(
  tx: Queryable,
  acts: readonly StopAct[],
  now: Instant,
): Promise<void> {
  if (acts.length === 0) return;
  // Folds and scopes differ in length per act, which unnest of arrays can't carry: JSON can.
  await tx.query(
    `insert into permissions.stop_act
       (id, kind, subject_id, folds, purposes, channels, recipients, act_at, arrived_at, committed_at)
     select a.id, a.kind, a.subject_id,
       array(select decode(f, 'hex') from jsonb_array_elements_text(a.folds) f),
       array(select jsonb_array_elements_text(a.purposes)),
       array(select jsonb_array_elements_text(a.channels)),
       array(select jsonb_array_elements_text(a.recipients)),
       a.act_at, a.arrived_at, $2
     from jsonb_to_recordset($1::jsonb) as a (id uuid, kind text, subject_id uuid, folds jsonb, purposes jsonb,
       channels jsonb, recipients jsonb, act_at timestamptz, arrived_at timestamptz)
     on conflict (id) do nothing`,
    [
      JSON.stringify(
        acts.map((act) => ({
          id: act.id,
          kind: act.kind,
          subject_id: act.subjectId,
          folds: act.folds.map((fold) => fold.toString('hex')),
          purposes: act.purposes,
          channels: act.channels,
          recipients: act.recipients,
          act_at: formatInstant(act.actAt),
          arrived_at: formatInstant(act.arrivedAt),
        })),
      ),
      formatInstant(now),
    ],
  );
  await tx.query(`select pg_notify('${STOP_CHANNEL}', '')`);
}
