import type { SuspensionAnswer } from '@kyoka/contracts';
import {
  Badge,
  CHANNEL_WORDS,
  type Formats,
  type Say,
  type Step,
  Timeline,
  useFormats,
  useWords,
  type WordTable,
} from '@kyoka/pages';
import { ANY } from '@kyoka/kernel';
import type { VNode } from 'preact';
import type { StopSummary } from '../../summary/summary.js';
import { FRAME } from '../words/frame.js';
import { STOPS } from '../words/stops.js';

type Removal = SuspensionAnswer['removals'][number];

/** Every step of a stop in the order of time; what has not happened yet comes last. */
export function StopTimeline({ stop }: { stop: StopSummary }): VNode {
  const say = useWords(STOPS);
  const formats = useFormats();
  return <Timeline steps={stepsOf(stop, say, formats)} />;
}

/** What a stop covers, in words. */
export function useScope(): (scope: StopSummary['scope']) => string {
  const say = useWords(STOPS);
  const frame = useWords(FRAME);
  const channel = useWords(CHANNEL_WORDS as WordTable);
  return ({ purposes, channels }) =>
    say('scopeOf', {
      purposes: purposes.includes(ANY) ? frame('everything') : purposes.join(', '),
      channels: channels.map((one) => (one in CHANNEL_WORDS ? channel(one) : one)).join(', '),
    });
}

/** How the removals of a stop stand, in a word. */
export function StopState({ stop }: { stop: Pick<StopSummary, 'removals' | 'followed'> }): VNode {
  const say = useWords(STOPS);
  const count = (state: Removal['state']) =>
    stop.removals.filter((removal) => removal.state === state).length;
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

function stepsOf(stop: StopSummary, say: Say<keyof typeof STOPS>, formats: Formats): Step[] {
  const after = (at: string | undefined) =>
    at === undefined ? undefined : say('after', { time: formats.after(stop.arrivedAt, at) });
  const done = (what: string, at: string | undefined, tone: Step['tone'] = 'plain'): Step[] =>
    at === undefined ? [] : [{ what, at, aside: after(at), tone }];
  const happened = stop.removals.flatMap(
    ({ recipient, requestedAt, sentAt, confirmedAt, basis }) => [
      ...done(say('requested', { recipient }), requestedAt),
      ...done(say('sent', { recipient }), sentAt),
      ...done(
        say(basis === 'job_status' ? 'confirmedByJob' : 'confirmedByTime', { recipient }),
        confirmedAt,
        'good',
      ),
    ],
  );
  const open = stop.removals.flatMap((removal) => openStep(removal, say, formats));
  const searching: Step[] = stop.followed ? [] : [{ what: say('searching'), tone: 'warn' }];
  const nothing: Step[] =
    stop.followed && stop.removals.length === 0 ? [{ what: say('nothingHeld') }] : [];
  return [
    { what: say('acted'), at: stop.occurredAt },
    { what: say('arrived'), at: stop.arrivedAt },
    ...done(say('barrier'), stop.barrierAt, 'good'),
    ...happened.toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1)),
    ...open,
    ...searching,
    ...nothing,
    ...(stop.erasure === undefined ? [] : [{ what: say('erasureWaits'), tone: 'warn' as const }]),
  ];
}

/** What a removal still waits for. */
function openStep(
  { recipient, state, until, sentAt }: Removal,
  say: Say<keyof typeof STOPS>,
  { moment }: Formats,
): Step[] {
  if (state === 'confirmed') return [];
  if (until === undefined || (sentAt === undefined && state === 'unconfirmed')) {
    return [{ what: say('notSent', { recipient }), tone: 'warn' }];
  }
  return [
    {
      what: say(state, { recipient, until: moment(until) }),
      tone: state === 'overdue' ? 'bad' : 'warn',
    },
  ];
}
