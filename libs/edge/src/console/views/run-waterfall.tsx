import type { RunAnswer } from '@kyoka/contracts';
import { type FallStep, REASON_WORDS, useFormats, useWords, Waterfall } from '@kyoka/pages';
import type { VNode } from 'preact';
import { AUDIENCES } from '../words/audiences.js';
import { FRAME } from '../words/frame.js';
import { useNames } from './use-names.js';

export interface RunWaterfallProps {
  readonly run: RunAnswer;
  readonly name: string;
  readonly recipient: string;
}

/** From the segment, less each reason, to whom the network accepted. */
export function RunWaterfall({ run, name, ...props }: RunWaterfallProps): VNode {
  const say = useWords(AUDIENCES);
  const frame = useWords(FRAME);
  const reason = useWords(REASON_WORDS);
  const { number } = useFormats();
  const recipient = useNames().recipient(props.recipient);
  const { waterfall: fall } = run;
  const less = (label: string, people: number, kind: FallStep['kind'] = 'less'): FallStep[] =>
    people > 0 ? [{ label, people, kind }] : [];
  const waiting = Math.max(0, fall.toAdd - fall.stoppedAtGate - fall.sent);
  const steps: FallStep[] = [
    { label: say('inSegment'), people: fall.segment, kind: 'whole' },
    ...fall.minus
      .filter(({ people }) => people > 0)
      .toSorted((a, b) => b.people - a.people)
      .map(({ code, people, withAny }): FallStep => ({
        label: reason(code),
        aside: withAny > people ? say('withAny', { n: number(withAny) }) : undefined,
        people,
        kind: 'less',
      })),
    { label: say('permitted'), people: fall.permitted, kind: 'whole' },
    ...less(say('unchanged'), fall.unchanged),
    ...less(say('stoppedAtGate'), fall.stoppedAtGate, 'lost'),
    ...less(say('notYetSent'), waiting),
    { label: say('sent', { recipient }), people: fall.sent, kind: 'whole' },
    ...less(say('refusedByNetwork'), fall.refusedByNetwork, 'lost'),
    ...less(say('unknown'), fall.unknown),
    { label: say('accepted', { recipient }), people: fall.accepted, kind: 'end' },
  ];
  return (
    <Waterfall
      caption={say('waterfall', { name })}
      headings={[say('step'), frame('persons'), frame('share')]}
      steps={steps}
    />
  );
}
