import { setTimeout as sleep } from 'node:timers/promises';
import { registry, set } from './registry.js';

/** Fills gauges with what is so now. */
export type Collector = () => void | Promise<void>;

const PATIENCE_MS = 3_000;
const collectors = new Map<string, Collector>();
let reading: Promise<string> | undefined;

/**
 * Has gauges filled whenever the metrics are read. One that fails or is late keeps no other from
 * being read, and shows in `kyoka_collector_failed`.
 *
 * @returns ends it
 */
export function collect(name: string, collector: Collector): () => void {
  collectors.set(name, collector);
  return () => {
    if (collectors.get(name) === collector) collectors.delete(name);
  };
}

/** What the process is, in every series. */
export const setRole = (role: string): void => registry.setDefaultLabels({ role });

export const METRICS_MEDIA_TYPE = registry.contentType;

/** Every metric in the text format of Prometheus. Who asks meanwhile gets the same answer. */
export function readMetrics(): Promise<string> {
  reading ??= fillAndRead().finally(() => {
    reading = undefined;
  });
  return reading;
}

async function fillAndRead(): Promise<string> {
  await Promise.all(
    [...collectors].map(async ([name, collector]) => {
      const late = new AbortController();
      const passed = await Promise.race([
        attempt(collector),
        sleep(PATIENCE_MS, false, { ref: false, signal: late.signal }).catch(() => false),
      ]);
      late.abort();
      set('kyoka_collector_failed', { collector: name }, passed ? 0 : 1);
    }),
  );
  return registry.metrics();
}

async function attempt(collector: Collector): Promise<boolean> {
  try {
    await collector();
    return true;
  } catch {
    return false;
  }
}
