import type { ComponentChildren, VNode } from 'preact';

/** What a bar stands for: a whole, what is taken from it, what is lost, what is left at the end. */
export type BarKind = 'whole' | 'less' | 'lost' | 'end';

export interface Bar {
  readonly label: ComponentChildren;
  /** Below the label, in smaller words. */
  readonly aside?: ComponentChildren;
  /** The amount in words, beside the bar. */
  readonly amount: string;
  readonly kind: BarKind;
  /** Where the bar begins and how long it is, as shares of the widest. */
  readonly start: number;
  readonly length: number;
}

export interface BarChartProps {
  readonly caption: string;
  /** Headings of the columns; the last one is of the bars and is read aloud only. */
  readonly headings: readonly [label: string, amount: string, bar: string];
  readonly bars: readonly Bar[];
}

const percent = (share: number): string => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;

/** Nothing is drawn for nothing, and something at least as a hair. */
const lengthOf = (share: number): string => (share > 0 ? percent(Math.max(share, 0.004)) : '0');

/**
 * Bars as a table: whoever looks sees the chart, whoever listens hears the numbers, and on a phone
 * texts keep their size since only the bars stretch.
 */
export function BarChart({ caption, headings, bars }: BarChartProps): VNode {
  const [label, amount, bar] = headings;
  return (
    <div class="table chart">
      <table role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">
              {label}
            </th>
            <th role="columnheader" scope="col" class="amount">
              {amount}
            </th>
            <th role="columnheader" scope="col" class="drawn">
              <span class="hidden">{bar}</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {bars.map((one, index) => (
            <tr key={index} role="row" class={one.kind}>
              <th role="rowheader" scope="row">
                {one.label}
                {one.aside !== undefined && <span class="hint">{one.aside}</span>}
              </th>
              <td role="cell" class="amount">
                {one.amount}
              </td>
              <td role="cell" class="drawn">
                <svg class="bar" width="100%" height="16" aria-hidden="true" focusable="false">
                  <rect class="track" width="100%" height="16" rx="3" />
                  <rect
                    class={one.kind}
                    x={percent(one.start)}
                    width={lengthOf(one.length)}
                    height="16"
                    rx="3"
                  />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
