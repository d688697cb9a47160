import { parentPort, workerData } from 'node:worker_threads';
import { DigestFilter } from '../search/filter.js';
import type { Job } from './jobs.js';
import { compress, hmacStates, padded, START } from './sha256.js';

/** What one worker does: some of the numbers of each job, or some of the keys. */
export type Work = Readonly<{ filters: readonly SharedArrayBuffer[]; done: SharedArrayBuffer }> &
  (
    | Readonly<{ jobs: readonly Job[]; worker: number; workers: number }>
    | Readonly<{ keys: readonly Uint8Array[]; firstKey: number; messages: readonly string[] }>
  );

const work = workerData as Work;
const filters = work.filters.map((words) => DigestFilter.over(words));
const done = new BigInt64Array(work.done);
const digest = new Int32Array(8);
const bytes = Buffer.alloc(32);

function report(line: () => string): void {
  bytes.writeInt32BE(digest[0] as number, 0);
  bytes.writeInt32BE(digest[1] as number, 4);
  filters.forEach((filter, number) => {
    if (filter.mayHold(bytes)) parentPort?.postMessage(`${number}\t${line()}`);
  });
}

function guess({ before, first, last, width, after }: Job, worker: number, workers: number): void {
  const count = Math.ceil((last - first + 1) / workers);
  const from = first + worker * count;
  const to = Math.min(last, from + count - 1);
  if (from > to) return;
  const textOf = (n: number): string => `${before}${String(n).padStart(width, '0')}${after}`;
  const [block, more] = padded(Buffer.from(textOf(from)));
  if (block === undefined || more !== undefined) throw new RangeError('a candidate is too long');
  const lowest = Buffer.byteLength(before) + width - 1;
  for (let n = from; ; n += 1) {
    compress(START, block, digest);
    report(() => textOf(n));
    if (n === to) break;
    // The next number, in place: one more at the last digit, carried on where it was a nine.
    for (let at = lowest; ; at -= 1) {
      const shift = 24 - (at & 3) * 8;
      const word = block[at >> 2] as number;
      const isNine = ((word >>> shift) & 0xff) === 0x39;
      block[at >> 2] = word + ((isNine ? -9 : 1) << shift);
      if (!isNine) break;
    }
  }
  Atomics.add(done, 0, BigInt(to - from + 1));
}

function underKeys(keys: readonly Uint8Array[], firstKey: number, messages: readonly string[]) {
  const blocks = messages.map((message) => padded(Buffer.from(message), 64));
  const [last] = padded(Buffer.alloc(32), 64) as [Int32Array];
  keys.forEach((key, number) => {
    const [inner, outer] = hmacStates(key);
    blocks.forEach((parts, message) => {
      digest.set(inner);
      for (const block of parts) compress(digest, block, digest);
      last.set(digest);
      compress(outer, last, digest);
      report(() => `${firstKey + number}\t${message}`);
    });
    Atomics.add(done, 0, BigInt(messages.length));
  });
}

if ('jobs' in work) for (const job of work.jobs) guess(job, work.worker, work.workers);
else underKeys(work.keys, work.firstKey, work.messages);
