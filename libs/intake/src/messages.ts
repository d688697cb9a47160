import { formatInstant, type Instant } from '@kyoka/kernel';
import type { OutboxMessage, StopAct, SubjectName } from '@kyoka/permission-store';
import type { ParkedWrite } from './tables/parked-table.js';

/** Tells other services that an original was parked, by a pointer and a code. */
export function parkedMessages(parked: readonly ParkedWrite[], at: Instant): OutboxMessage[] {
  return parked.map((one) => ({
    topic: 'kyoka.dead-letters.v1',
    key: one.id,
    type: 'jp.kyoka.event.parked.v1',
    payload: {
      parked: one.id,
      reason: one.reason,
      from: placeOf(one.place),
      at: formatInstant(at),
    },
  }));
}

function placeOf(place: string): { topic: string; partition: number; offset: string } | undefined {
  const match = /^([^/]+)\/(\d+)\/(\d+)$/.exec(place);
  return match
    ? { topic: match[1] as string, partition: Number(match[2]), offset: match[3] as string }
    : undefined;
}

export const PROGRESS_TOPIC = 'kyoka.suspension-progress.v1';

/**
 * Tells other services that a person's stop has taken effect here.
 *
 * @param refs the references that the readers of the topic are told, by subject id
 */
export function barrierMessages(
  acts: readonly StopAct[],
  refs: ReadonlyMap<string, readonly SubjectName[]>,
  at: Instant,
): OutboxMessage[] {
  return acts
    .filter((act) => act.kind === 'suspension' || act.kind === 'erasure')
    .map((act) => ({
      topic: PROGRESS_TOPIC,
      key: act.subjectId ?? act.id,
      type: 'jp.kyoka.suspension.progressed.v1',
      payload: {
        subject: act.subjectId ?? undefined,
        refs: (refs.get(act.subjectId ?? '') ?? []).map((ref) => ({ ...ref })),
        suspension: act.id,
        scope: { purposes: act.purposes, channels: act.channels },
        step: 'barrier',
        at: formatInstant(at),
      },
    }));
}
