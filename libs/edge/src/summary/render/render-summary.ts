import type { Summary } from '../summary.js';
import { renderAudience } from './audiences.js';
import { renderEvents } from './events.js';
import { heading, number, tokyoTime } from './layout.js';
import { renderNext } from './next.js';
import { renderPeople } from './people.js';
import { renderStops } from './stops.js';

/** The summary as text for a terminal of 100 columns, ending in a line break. */
export function renderSummary(summary: Summary): string {
  const sections = [
    [`Kyoka, where things stand at ${tokyoTime(summary.at)} (Tokyo)`],
    renderEvents(summary.events),
    renderPeople(summary.people),
    ...summary.audiences.map(renderAudience),
    renderStops(summary.stops),
    renderSwitches(summary.switches),
    renderEvidence(summary.evidence),
    renderNext(summary),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function renderSwitches(switches: Summary['switches']): string[] {
  return [
    heading('Switched by two people'),
    ...(switches.length === 0 ? ['  Nothing is switched on.'] : []),
    ...switches.map(({ target, id, state, requestedBy, approvedBy, pending }) => {
      const who = pending
        ? `asked for by ${pending.requestedBy}, waits for somebody else's approval`
        : requestedBy && approvedBy
          ? `asked for by ${requestedBy}, approved by ${approvedBy}`
          : '';
      return `  ${`${target} ${id}`.padEnd(22)}${state.padEnd(5)}${who}`.trimEnd();
    }),
  ];
}

function renderEvidence({ ledger, decisions, releases }: Summary['evidence']): string[] {
  return [
    heading('Evidence', 'append-only and hash-chained; `npm run verify` checks it'),
    `  ${number(ledger)} acts of people, ${number(decisions)} recorded decisions, ${number(releases)} releases`,
  ];
}
