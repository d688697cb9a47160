import type { Instant } from '@kyoka/kernel';
import { sourcesOfReaders } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import { PROGRESS_TOPIC, stamp } from './words.js';

/** Steps of a suspension after its barrier, which its own transaction tells. */
export type Progress = 'removal_requested' | 'unconfirmed' | 'confirmed' | 'overdue';

const utc = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** How a removal `r` of an audience `a` stands, as other services and the person's receipt show it. */
export const REMOVAL_PROGRESS = `jsonb_strip_nulls(jsonb_build_object('recipient', a.recipient_id,
  'state', case when r.state = 'requested' then 'unconfirmed' else r.state end,
  'until', case when r.state = 'confirmed' then null else ${utc('r.due_by')} end,
  'requestedAt', ${utc('r.requested_at')}, 'sentAt', ${utc('r.first_sent_at')},
  'confirmedAt', ${utc('r.confirmed_at')}, 'basis', r.basis))`;

/** Tells other services how the removals that suspensions and erasures asked for stand. */
export async function reportProgress(
  tx: Queryable,
  step: Progress,
  removalIds: readonly string[],
  at: Instant,
): Promise<void> {
  if (removalIds.length === 0) return;
  const told = await sourcesOfReaders(tx, PROGRESS_TOPIC, at);
  await tx.query(
    `insert into audiences.outbox (topic, key, type, payload)
     select $2, r.subject_id::text, 'jp.kyoka.suspension.progressed.v1', jsonb_build_object('subject', r.subject_id,
       'refs', case when n.source = any ($5::text[]) then jsonb_build_array(jsonb_build_object('source', n.source, 'ref', n.ref))
         else '[]'::jsonb end, 'suspension', s.id, 'scope', jsonb_build_object('purposes', s.purposes, 'channels', s.channels),
       'step', $3::text, 'removal', ${REMOVAL_PROGRESS}, 'at', $4::text)
     from audiences.removal r
     join audiences.removal_stop l on l.removal_id = r.id
     join permissions.v_stop_act s on s.id = l.stop_act_id and s.kind in ('suspension', 'erasure')
     join audiences.audience a on a.id = r.audience_id
     left join permissions.v_subject n on n.subject_id = r.subject_id
     where r.id = any ($1::uuid[])
     order by r.id, s.id`,
    [removalIds, PROGRESS_TOPIC, step, stamp(at), told],
  );
}
