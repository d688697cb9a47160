import type { ErasuresSummary, StopsSummary, StopSummary } from '../summary.js';
import { after, amount, heading, tokyoTime } from './layout.js';

const ALL = '*';

export function renderStops({ acts, undone, erasures }: StopsSummary): string[] {
  return [
    heading('Stops', 'what people, or their addresses, took back'),
    ...(acts.length === 0 ? ['  None.'] : []),
    ...acts.flatMap(({ kind, acts: count }) => [
      `${amount(count)}  ${KINDS[kind] ?? kind}`,
      ...(kind === 'erasure' ? renderErasures(erasures) : []),
    ]),
  ].concat(undone.flatMap((stop) => ['', ...renderStop(stop)]));
}

const KINDS: Readonly<Record<string, string>> = {
  withdrawal: 'consents withdrawn',
  ads_off: 'behavioural ads switched off',
  cancelled: 'memberships cancelled',
  objection: 'objections',
  suspension: 'suspensions of use',
  complaint: 'complaints',
  hard_bounce: 'addresses that bounced',
  unfollowed: 'LINE accounts unfollowed',
  returned_post: 'post returned',
  erasure: 'erasures asked for',
};

function renderErasures(erasures: ErasuresSummary): string[] {
  const { waiting, latestAt, cleared, erased, unreadableAfter } = erasures;
  const until = latestAt === undefined ? '' : `, until ${tokyoTime(latestAt)} at the latest`;
  const after =
    unreadableAfter === undefined ? '' : `; nothing is readable after ${unreadableAfter}`;
  return [
    { count: erased, what: `carried out, the keys destroyed${after}` },
    { count: cleared, what: 'under way: the rows are gone, the keys go next' },
    { count: waiting, what: `waiting for the removals at the networks${until}` },
  ].flatMap(({ count, what }) => (count === 0 ? [] : [`${amount(count, 13)}  ${what}`]));
}

function renderStop(stop: StopSummary): string[] {
  const { id, kind, scope, subjects, arrivedAt, barrierAt, removals } = stop;
  const what = scope.purposes.includes(ALL) ? 'everything' : scope.purposes.join(', ');
  const where = scope.channels.includes(ALL) ? 'every channel' : scope.channels.join(', ');
  return [
    heading(kind, id),
    `  of ${what} on ${where}, reaching ${subjects.length} ${subjects.length === 1 ? 'record' : 'records'}`,
    `  ${tokyoTime(arrivedAt)}  arrived`,
    step('barrier', after(arrivedAt, barrierAt), 'from here on nothing of it is released'),
    ...removals.flatMap((removal) => renderRemoval(removal, arrivedAt)),
  ];
}

const step = (name: string, time: string, what: string): string =>
  `    ${name.padEnd(9)} ${time.padStart(12)}  ${what}`;

const BASES = {
  job_status: "confirmed, by the network's own job status",
  declared_time: 'confirmed: taken in full, and the time the network declares is over',
} as const;

function renderRemoval(removal: StopSummary['removals'][number], from: string): string[] {
  const { recipient, state, until, requestedAt, sentAt, confirmedAt, basis } = removal;
  const at = (moment: string | undefined) => (moment === undefined ? '' : after(from, moment));
  return [
    step(recipient, at(requestedAt), 'removal requested'),
    step('', at(sentAt), sentAt === undefined ? 'not sent yet' : 'removal sent'),
    state === 'confirmed'
      ? step('', at(confirmedAt), BASES[basis ?? 'declared_time'])
      : step(
          '',
          '',
          state === 'overdue'
            ? `OVERDUE since ${until === undefined ? 'long' : tokyoTime(until)}: a person has to look`
            : `unconfirmed until ${until === undefined ? 'it is sent' : tokyoTime(until)}`,
        ),
  ];
}
