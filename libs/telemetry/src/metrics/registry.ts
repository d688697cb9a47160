import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  type MetricConfiguration,
  Registry,
} from 'prom-client';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  METRICS,
} from './definitions.js';
import { type Label, labelled, LABELS } from './labels.js';

/** One for the process, as a log is: whatever happens anywhere in it is counted here. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const made = new Map<MetricName, Counter | Gauge | Histogram>();
for (const [name, { kind, help, labels, ...more }] of Object.entries(METRICS)) {
  const config = { name, help, labelNames: [...labels], registers: [registry] };
  made.set(name as MetricName, makeOf(kind, config, 'buckets' in more ? [...more.buckets] : []));
}

/**
 * A counter begins at 0 with every value that its labels may have: an alarm on what it rises by sees the
 * first time, too. One with a label whose values nobody knows beforehand begins where these are known.
 */
function beginCounters(): void {
  for (const [name, { kind, labels, ...more }] of Object.entries(METRICS)) {
    if (kind !== 'counter') continue;
    const among: Partial<Record<string, readonly string[]>> = 'among' in more ? more.among : {};
    let series: Record<string, string>[] = [{}];
    for (const label of labels) {
      const values = among[label] ?? LABELS[label].words ?? [];
      series = series.flatMap((one) => values.map((value) => ({ ...one, [label]: value })));
    }
    for (const one of series) (made.get(name as MetricName) as Counter).inc(one, 0);
  }
}
beginCounters();

function makeOf(
  kind: 'counter' | 'gauge' | 'histogram',
  config: MetricConfiguration<string>,
  buckets: number[],
): Counter | Gauge | Histogram {
  if (kind === 'counter') return new Counter(config);
  if (kind === 'histogram') return new Histogram({ ...config, buckets });
  const gauge = new Gauge(config);
  // One without labels begins at 0, which a process that never fills it would tell as the truth.
  if (config.labelNames?.length === 0) gauge.remove();
  return gauge;
}

const bounded = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [label, labelled(label as Label, value)]),
  );

/** Counts something that happened. */
export function count<N extends CounterName>(name: N, labels: LabelsOf<N>, by = 1): void {
  (made.get(name) as Counter).inc(bounded(labels), by);
}

/** Observes a time, in milliseconds. */
export function observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, ms: number): void {
  (made.get(name) as Histogram).observe(bounded(labels), ms / 1_000);
}

export function set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void {
  (made.get(name) as Gauge).set(bounded(labels), value);
}

/** Forgets the series of a gauge, before those that there are now are set. */
export function clear(name: GaugeName): void {
  (made.get(name) as Gauge).reset();
}
