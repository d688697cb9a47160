import { PARK_REASONS, type ParkReason } from '@kyoka/contracts';
import type { EventsSummary } from '../summary.js';
import { amount, heading, number, wrap } from './layout.js';

const UNKEPT = {
  duplicate: 'came before, nothing changed',
  skipped: 'of a type that this version does not know',
  refused: 'malformed, and told so over HTTP; nothing of them is kept',
} as const;

/** The lines add up to what the heading tells. */
export function renderEvents({ accepted, made, parked, ...told }: EventsSummary): string[] {
  const waiting = parked.reduce((sum, one) => sum + one.events, 0);
  const without = parked.reduce((sum, one) => sum + one.stops, 0);
  const applied = parked.reduce((sum, one) => sum + one.applied, 0);
  const { duplicate = 0, skipped = 0, refused = 0 } = told;
  const all = accepted + duplicate + skipped + refused + waiting;
  return [
    heading('Events', cameAndMade(all - made, made)),
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

const cameAndMade = (came: number, made: number): string =>
  made === 0
    ? `${number(came)} came in`
    : `${number(came)} came in, ${number(made)} made here of a request or on a person's page`;
