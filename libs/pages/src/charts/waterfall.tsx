import type { ComponentChildren, VNode } from 'preact';
import { useFormats } from '../speech.js';
import { type Bar, BarChart, type BarChartProps, type BarKind } from './bars.js';

export interface FallStep {
  readonly label: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly people: number;
  /** A whole or an end stands on the ground; what is less or lost hangs from what was left before. */
  readonly kind: BarKind;
}

/** Where each bar of a waterfall begins and ends, as shares of its largest whole. */
export function fall(steps: readonly FallStep[]): (FallStep & Pick<Bar, 'start' | 'length'>)[] {
  const widest = Math.max(1, ...steps.map(({ people }) => people));
  let left = 0;
  return steps.map((step) => {
    const hangs = step.kind === 'less' || step.kind === 'lost';
    left = hangs ? Math.max(0, left - step.people) : step.people;
    return { ...step, start: hangs ? left / widest : 0, length: step.people / widest };
  });
}

export interface WaterfallProps extends Pick<BarChartProps, 'caption' | 'headings'> {
  readonly steps: readonly FallStep[];
}

/** From everybody to those who are left, with each reason why somebody isn't. */
export function Waterfall({ caption, headings, steps }: WaterfallProps): VNode {
  const { number } = useFormats();
  const bars = fall(steps).map((step) => ({
    ...step,
    amount: `${(step.kind === 'less' || step.kind === 'lost') && step.people > 0 ? '−' : ''}${number(step.people)}`,
  }));
  return <BarChart caption={caption} headings={headings} bars={bars} />;
}
