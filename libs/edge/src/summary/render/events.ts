import { PARK_REASONS, type ParkReason } from '@kyoka/contracts';
import type { EventsSummary } from '../summary.js';
import { amount, heading, wrap } from './layout.js';

export function renderEvents({ accepted, duplicate, skipped, parked }: EventsSummary): string[] {
  const waiting = parked.reduce((sum, one) => sum + one.events, 0);
  const applied = parked.reduce((sum, one) => sum + one.applied, 0);
  return [
    heading('Events'),
    `${amount(accepted)}  accepted`,
    ...(duplicate === undefined
      ? []
      : [`${amount(duplicate)}  duplicate: came before, nothing changed`]),
    ...(skipped === undefined
      ? []
      : [`${amount(skipped)}  skipped: of a type that this version does not know`]),
    `${amount(waiting)}  parked: kept sealed for a person to look at, and can be replayed`,
    ...parked.flatMap(({ reason, events }) =>
      wrap(
        `${amount(events, 13)}  ${reason.padEnd(20)} `,
        PARK_REASONS[reason as ParkReason] ?? '',
      ),
    ),
    ...(applied > 0
      ? [`${' '.repeat(11)}${applied} of these are stops; they took effect all the same.`]
      : []),
  ];
}
