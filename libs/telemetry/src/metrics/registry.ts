import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  METRICS,
} from './definitions.js';
import { type Label, labelled } from './labels.js';

/** One for the process, as a log is: whatever happens anywhere in it is counted here. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const made = new Map<MetricName, Counter | Gauge | Histogram>();
for (const [name, { kind, help, labels, ...more }] of Object.entries(METRICS)) {
  const config = { name, help, labelNames: [...labels], registers: [registry] };
  const buckets = 'buckets' in more ? [...more.buckets] : [];
  made.set(
    name as MetricName,
    kind === 'counter'
      ? new Counter(config)
      : kind === 'gauge'
        ? new Gauge(config)
        : new Histogram({ ...config, buckets }),
  );
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
