import type { ParkReason } from '@kyoka/contracts';
import { stopActId } from './merge.js';
import type { Effective, Prepared } from './prepare.js';
import { type Earlier, inboxKey } from './tables/event-table.js';
import type { IntakeAnswer } from './types.js';

/** What becomes of one event of the batch. */
export interface Verdict {
  readonly answer: IntakeAnswer;
  readonly apply?: Effective;
  readonly park?: ParkReason;
}

/** Events that may enter the inbox: of several under one key, the first. */
export function firstOfEachKey(batch: readonly Prepared[]): Map<string, Prepared> {
  const first = new Map<string, Prepared>();
  for (const event of batch) {
    if (event.key === undefined || event.outcome === 'skipped' || event.outcome === 'refused')
      continue;
    const key = inboxKey(event.key);
    if (!first.has(key)) first.set(key, event);
  }
  return first;
}

/**
 * Judges one event of a batch.
 *
 * @param first of the batch, by key
 * @param earlier what the inbox held already, by key
 * @param secondChance whether one that is parked under its key may be taken now
 */
export function verdictOf(
  event: Prepared,
  first: ReadonlyMap<string, Prepared>,
  earlier: ReadonlyMap<string, Earlier>,
  secondChance: boolean,
): Verdict {
  if (event.outcome === 'skipped' || event.outcome === 'refused') {
    return {
      answer: {
        outcome: event.outcome,
        ...(event.faults.length > 0 ? { faults: event.faults } : {}),
      },
    };
  }
  const key = event.key === undefined ? undefined : inboxKey(event.key);
  const before =
    key === undefined ? undefined : (earlier.get(key) ?? sameBatch(event, first.get(key)));
  if (before === undefined || (secondChance && before.outcome === 'parked')) return taken(event);
  if (before.digest.equals(event.digest)) return { answer: { outcome: 'duplicate' } };
  return reused(event);
}

const sameBatch = (event: Prepared, first: Prepared | undefined): Prepared | undefined =>
  first === event ? undefined : first;

function taken(event: Prepared): Verdict {
  const stopped = stopIdsOf(event);
  if (event.outcome === 'accepted') {
    return { answer: { outcome: 'accepted', ...stopped }, apply: event.effective as Effective };
  }
  const reason = event.reason as ParkReason;
  return {
    answer: {
      outcome: 'parked',
      reason,
      ...(event.faults.length > 0 ? { faults: event.faults } : {}),
      ...stopped,
    },
    park: reason,
    ...(event.effective ? { apply: event.effective } : {}),
  };
}

/** The same id with other content: parked. If it stops something it does so all the same, whichever came first. */
function reused(event: Prepared): Verdict {
  const stops = (event.effective?.effects.stopActs?.length ?? 0) > 0;
  return {
    answer: { outcome: 'parked', reason: 'id_reused', ...(stops ? stopIdsOf(event) : {}) },
    park: 'id_reused',
    ...(stops && event.effective ? { apply: event.effective } : {}),
  };
}

function stopIdsOf(event: Prepared): Pick<IntakeAnswer, 'stopActIds'> {
  const count = event.effective?.effects.stopActs?.length ?? 0;
  const identity = identityOf(event);
  return count === 0
    ? {}
    : { stopActIds: Array.from({ length: count }, (_, index) => stopActId(identity, index)) };
}

/** What the ids of an event's records follow from. */
export const identityOf = (event: Prepared): string[] => [
  event.key?.source ?? '',
  event.key?.id ?? '',
  event.digest.toString('hex'),
];
