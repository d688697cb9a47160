import type { SuspensionAnswer } from '@kyoka/contracts';
import { type Bar, BarChart, type Formats, type Say, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { StopSummary } from '../../summary/summary.js';
import { FRAME } from '../words/frame.js';
import { STOPS } from '../words/stops.js';
import { useMayFollow } from './may-follow.js';
import { useNames } from './use-names.js';

type Removal = SuspensionAnswer['removals'][number];

const KINDS = { confirmed: 'end', unconfirmed: 'less', overdue: 'lost' } as const;

/** How long each recipient took or may take, side by side: a bar from the arrival of the stop. */
export function RemovalsChart({ stop }: { stop: StopSummary }): VNode | null {
  const say = useWords(STOPS);
  const frame = useWords(FRAME);
  const formats = useFormats();
  const { recipient } = useNames();
  if (!useMayFollow() || stop.removals.length === 0) return null;
  const longest = Math.max(1, ...stop.removals.map((one) => spanOf(stop, one)));
  const bars = stop.removals.map((one): Bar => ({
    label: recipient(one.recipient),
    aside: stateOf(one, say, formats),
    amount: timeOf(one, formats.after(stop.arrivedAt, endOf(one)), say),
    kind: KINDS[one.state],
    start: 0,
    length: spanOf(stop, one) / longest,
  }));
  return (
    <BarChart
      caption={say('chart')}
      headings={[frame('recipient'), say('took'), say('drawn')]}
      bars={bars}
    />
  );
}

/** When it was confirmed; of an open one, when it has to be. */
const endOf = ({ confirmedAt, until, sentAt, requestedAt }: Removal): string =>
  confirmedAt ?? until ?? sentAt ?? requestedAt;

const spanOf = ({ arrivedAt }: StopSummary, removal: Removal): number =>
  Math.max(0, Date.parse(endOf(removal)) - Date.parse(arrivedAt));

/** An overdue one has taken longer than it should have, and isn't over. */
const timeOf = ({ state }: Removal, time: string, say: Say<keyof typeof STOPS>): string =>
  state === 'overdue' ? say('longerThan', { time }) : time;

function stateOf(
  { state, until, sentAt }: Removal,
  say: Say<keyof typeof STOPS>,
  { moment }: Formats,
): string {
  if (state === 'confirmed') return say('isConfirmed');
  if (state === 'overdue') return say('isOverdue');
  return sentAt === undefined || until === undefined
    ? say('isNotSent')
    : say('isOpen', { until: moment(until) });
}
