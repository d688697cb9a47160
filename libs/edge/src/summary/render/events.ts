import { PARK_REASONS, type ParkReason } from '@kyoka/contracts';
import type { EventsSummary } from '../summary.js';
import { amount, heading, wrap } from './layout.js';

const UNKEPT = {
  duplicate: 'came before, nothing changed',
  skipped: 'of a type that this version does not know',
  refused: 'malformed, and told so over HTTP; nothing of them is kept',
} as const;

export function renderEvents({ accepted, parked, ...told }: EventsSummary): string[] {
  const waiting = parked.reduce((sum, one) => sum + one.events, 0);
  const without = parked.reduce((sum, one) => sum + one.stops, 0);
  const applied = parked.reduce((sum, one) => sum + one.applied, 0);
  return [
    heading('Events'),
    `${amount(accepted)}  accepted`,
    ...(['duplicate', 'skipped', 'refused'] as const).flatMap((outcome) =>
      told[outcome] === undefined
        ? []
        : [`${amount(told[outcome])}  ${outcome}: ${UNKEPT[outcome]}`],
    ),
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
    ...(without > 0
      ? [
          `${' '.repeat(11)}${without} of these are stops without effect. Look at them soon: npx --no kyoka parked`,
        ]
      : []),
  ];
}
