import type { SuspensionAnswer } from '@kyoka/contracts';
import {
  Badge,
  type Formats,
  type Say,
  type Step,
  Timeline,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import type { StopSummary } from '../../summary/summary.js';
import { STOPS } from '../words/stops.js';
import { useMayFollow } from './may-follow.js';
import { useNames } from './use-names.js';

type Removal = SuspensionAnswer['removals'][number];

/** Every step of a stop in the order of time; what has not happened yet comes last. */
export function StopTimeline({ stop }: { stop: StopSummary }): VNode {
  const say = useWords(STOPS);
  const formats = useFormats();
  const { recipient } = useNames();
  const telling = { say, formats, nameOf: recipient };
  const steps = useMayFollow()
    ? [...begun(stop, telling), ...undone(stop, telling)]
    : begun(stop, telling);
  return <Timeline steps={steps} />;
}

/** What a stop covers, in words. */
export function useScope(): (scope: StopSummary['scope']) => string {
  const say = useWords(STOPS);
  const { purpose, channel } = useNames();
  return ({ purposes, channels }) =>
    say('scopeOf', {
      purposes: purposes.map((one) => purpose(one)).join(', '),
      channels: channels.map((one) => channel({ channel: one })).join(', '),
    });
}

/** How the removals of a stop stand, in a word. */
export function StopState({ stop }: { stop: Pick<StopSummary, 'removals' | 'followed'> }): VNode {
  const say = useWords(STOPS);
  const follows = useMayFollow();
  const count = (state: Removal['state']) =>
    stop.removals.filter((removal) => removal.state === state).length;
  if (!follows) return <Badge tone="plain">{say('untold')}</Badge>;
  if (stop.removals.length === 0) {
    return <Badge tone="plain">{say(stop.followed ? 'nothingHeld' : 'searching')}</Badge>;
  }
  const overdue = count('overdue');
  const open = count('unconfirmed');
  return (
    <>
      {overdue > 0 && <Badge tone="bad">{say('someOverdue', { n: overdue })}</Badge>}{' '}
      {open > 0 && <Badge tone="warn">{say('someOpen', { n: open })}</Badge>}{' '}
      {count('confirmed') > 0 && (
        <Badge tone="good">{say('allConfirmed', { n: count('confirmed') })}</Badge>
      )}
    </>
  );
}

interface Telling {
  readonly say: Say<keyof typeof STOPS>;
  readonly formats: Formats;
  /** What a recipient is called. */
  readonly nameOf: (recipient: string) => string;
}

/** A step that has happened, with how long after the arrival; none where it hasn't. */
function happened(
  { arrivedAt }: StopSummary,
  { say, formats }: Telling,
  what: string,
  at: string | undefined,
  tone: Step['tone'] = 'plain',
): Step[] {
  if (at === undefined) return [];
  return [{ what, at, aside: say('after', { time: formats.after(arrivedAt, at) }), tone }];
}

/** From the person's act to the barrier. */
const begun = (stop: StopSummary, telling: Telling): Step[] => [
  { what: telling.say('acted'), at: stop.occurredAt },
  { what: telling.say('arrived'), at: stop.arrivedAt },
  ...happened(stop, telling, telling.say('barrier'), stop.barrierAt, 'good'),
];

/** What was removed where, then what is still to come. */
function undone(stop: StopSummary, telling: Telling): Step[] {
  const { say, nameOf } = telling;
  const did = stop.removals.flatMap(({ requestedAt, sentAt, confirmedAt, basis, ...removal }) => {
    const recipient = nameOf(removal.recipient);
    const confirmed = basis === 'job_status' ? 'confirmedByJob' : 'confirmedByTime';
    return [
      ...happened(stop, telling, say('requested', { recipient }), requestedAt),
      ...happened(stop, telling, say('sent', { recipient }), sentAt),
      ...happened(stop, telling, say(confirmed, { recipient }), confirmedAt, 'good'),
    ];
  });
  const nothing: Step[] =
    stop.followed && stop.removals.length === 0 ? [{ what: say('nothingHeld') }] : [];
  return [
    ...did.toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1)),
    ...stop.removals.flatMap((removal) => openStep(removal, telling)),
    ...(stop.followed ? [] : [{ what: say('searching'), tone: 'warn' as const }]),
    ...nothing,
    ...(stop.erasure === undefined ? [] : [{ what: say('erasureWaits'), tone: 'warn' as const }]),
  ];
}

/** What a removal still waits for. */
function openStep(removal: Removal, { say, formats, nameOf }: Telling): Step[] {
  const { state, until, sentAt } = removal;
  if (state === 'confirmed') return [];
  const recipient = nameOf(removal.recipient);
  if (until === undefined || (sentAt === undefined && state === 'unconfirmed')) {
    return [{ what: say('notSent', { recipient }), tone: 'warn' }];
  }
  return [
    {
      what: say(state, { recipient, until: formats.moment(until) }),
      tone: state === 'overdue' ? 'bad' : 'warn',
    },
  ];
}
