import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { DataTable } from '../components/table.js';
import { useFormats, useWords } from '../speech.js';
import { CHROME } from '../words/chrome.js';

export interface Point {
  /** ISO 8601. */
  readonly at: string;
  readonly value: number;
}

export interface LineChartProps {
  readonly title: string;
  /** What it shows, in a sentence, for whoever can't see it. */
  readonly description: string;
  readonly headings: readonly [moment: string, value: string];
  readonly points: readonly Point[];
}

const WIDTH = 600;
const HEIGHT = 160;

/** A value over time that holds until the next point; its numbers follow as a table. */
export function LineChart({ title, description, headings, points }: LineChartProps): VNode {
  const { number, moment } = useFormats();
  const say = useWords(CHROME);
  const id = useId();
  const most = Math.max(1, ...points.map(({ value }) => value));
  const curve = stairs(points, most);
  return (
    <figure class="line-chart">
      <figcaption>{title}</figcaption>
      <div class="plot">
        <p class="most" aria-hidden="true">
          {number(most)}
        </p>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{description}</desc>
          <line class="rule" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
          <line class="rule" x1="0" x2={WIDTH} y1="0" y2="0" />
          <path class="area" d={`${curve} V${HEIGHT} H0 Z`} />
          <path class="curve" d={curve} vector-effect="non-scaling-stroke" />
        </svg>
        <p class="ends" aria-hidden="true">
          {[points[0], points.at(-1)].map((point, index) => (
            <span key={index}>{point === undefined ? '' : moment(point.at)}</span>
          ))}
        </p>
      </div>
      <details>
        <summary>{say('asTable')}</summary>
        <DataTable
          caption={title}
          columns={[
            { title: headings[0], names: true, cell: ({ at }: Point) => moment(at) },
            { title: headings[1], amount: true, cell: ({ value }: Point) => number(value) },
          ]}
          rows={points}
        />
      </details>
    </figure>
  );
}

/** The path of a stair through the points, from the left edge to the right one. */
export function stairs(points: readonly Point[], most: number): string {
  const times = points.map(({ at }) => Date.parse(at));
  const first = Math.min(...times);
  const span = Math.max(1, Math.max(...times) - first);
  const x = (time: number) => (((time - first) / span) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / most) * HEIGHT).toFixed(1);
  return points
    .map(({ value }, index) => {
      const at = x(times[index] ?? first);
      return index === 0 ? `M${at} ${y(value)}` : `H${at} V${y(value)}`;
    })
    .concat(points.length > 0 ? [`H${WIDTH}`] : [])
    .join(' ');
}
