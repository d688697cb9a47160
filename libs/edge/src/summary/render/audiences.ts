import { REASON_WORDS } from '@kyoka/pages';
import type { RunAnswer } from '@kyoka/contracts';
import type { AudienceSummary } from '../summary.js';
import { amount, heading, number, tokyoTime } from './layout.js';

const RULE = `  ${'─'.repeat(9)}`;

export function renderAudience(audience: AudienceSummary): string[] {
  const { name, recipient, purpose, policy, use, run, held, ended } = audience;
  return [
    heading('Audience', name),
    `  for ${recipient}, ${purpose} under ${policy}, ${use.from} to ${use.to}, by ${use.users.join(', ')}`,
    ...(run === undefined ? ['  Not run yet.'] : renderRun(run, recipient)),
    `  ${amount(held)}  held by ${recipient} now${ended ? '; the audience has ended, so they are being removed' : ''}`,
  ];
}

function renderRun(
  { waterfall, state, startedBy, startedAt }: RunAnswer,
  recipient: string,
): string[] {
  const less = (value: number) => (value === 0 ? '0' : `−${number(value)}`).padStart(9);
  const reasons = waterfall.minus
    .filter(({ people }) => people > 0)
    .toSorted((a, b) => b.people - a.people);
  return [
    `  run ${STATES[state]}, started ${tokyoTime(startedAt)} by ${startedBy}`,
    `  ${amount(waterfall.segment)}  in the segment`,
    ...reasons.map(({ code, people }) => `  ${less(people)}  ${REASON_WORDS[code].en} (${code})`),
    RULE,
    `  ${amount(waterfall.permitted)}  permitted: ${number(waterfall.unchanged)} unchanged, ${number(waterfall.toAdd)} to add, ${number(waterfall.toRemove)} to remove`,
    ...(waterfall.stoppedAtGate > 0
      ? [`  ${less(waterfall.stoppedAtGate)}  stopped at the gate`]
      : []),
    `  ${amount(waterfall.sent)}  sent to ${recipient}`,
    `  ${amount(waterfall.accepted)}  accepted by ${recipient}${restOf(waterfall)}`,
  ];
}

const STATES: Readonly<Record<RunAnswer['state'], string>> = {
  building: 'being built',
  sending: 'being sent',
  settling: 'sent, waiting for the network',
  finished: 'finished',
  stopped: 'stopped',
};

function restOf({ refusedByNetwork, unknown }: RunAnswer['waterfall']): string {
  const rest = [
    ...(refusedByNetwork > 0 ? [`${number(refusedByNetwork)} refused by it`] : []),
    ...(unknown > 0 ? [`${number(unknown)} not known, which counts as held`] : []),
  ];
  return rest.length === 0 ? '' : `; ${rest.join(', ')}`;
}
