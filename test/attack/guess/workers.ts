import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import type { DigestFilter } from '../search/filter.js';
import type { Hit, KeyedHit } from './hits.js';
import type { Job } from './jobs.js';
import type { Work } from './worker.js';

const HOOKS = fileURLToPath(new URL('../../../.kit/source-hooks.mjs', import.meta.url));
const EVERY_MS = 500;

/** As the compiled kernel does, several times slower. */
export async function guessInWorkers(
  jobs: readonly Job[],
  filters: readonly DigestFilter[],
  workers: number,
  onDone: (done: number) => void,
): Promise<Hit[]> {
  const parts = Array.from({ length: workers }, (_, worker) => ({ jobs, worker, workers }));
  return (await runAll(parts, filters, onDone)).map((line) => {
    const [filter = '', text = ''] = line.split('\t');
    return { filter: Number(filter), text };
  });
}

export async function keyedInWorkers(
  keys: readonly Buffer[],
  messages: readonly string[],
  filters: readonly DigestFilter[],
  workers: number,
  onDone: (done: number) => void,
): Promise<KeyedHit[]> {
  const share = Math.ceil(keys.length / workers);
  const parts = Array.from({ length: workers }, (_, worker) => ({
    keys: keys.slice(worker * share, (worker + 1) * share),
    firstKey: worker * share,
    messages,
  }));
  return (await runAll(parts, filters, onDone)).map((line) => {
    const [filter, key, message] = line.split('\t').map(Number) as [number, number, number];
    return { filter, key: keys[key] as Buffer, text: messages[message] as string };
  });
}

type Part = Work extends infer W
  ? W extends unknown
    ? Omit<W, 'filters' | 'done'>
    : never
  : never;

async function runAll(
  parts: readonly Part[],
  filters: readonly DigestFilter[],
  onDone: (done: number) => void,
): Promise<string[]> {
  const done = new SharedArrayBuffer(8);
  const counted = new BigInt64Array(done);
  const timer = setInterval(() => onDone(Number(Atomics.load(counted, 0))), EVERY_MS);
  try {
    const own = filters.map(({ words }) => words);
    const found = await Promise.all(parts.map((part) => runOne({ ...part, filters: own, done })));
    return found.flat();
  } finally {
    clearInterval(timer);
    onDone(Number(Atomics.load(counted, 0)));
  }
}

function runOne(workerData: unknown): Promise<string[]> {
  const lines: string[] = [];
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--import', HOOKS],
  });
  worker.on('message', (line: string) => lines.push(line));
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve(lines);
      else reject(new Error(`a worker ended with ${code}`));
    });
  });
}
