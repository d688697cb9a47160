import { z } from 'zod';
import { NETWORKS, OPERATIONS, type Network, type Operation } from './words.js';

/**
 * - `500`, `429`, `redirect`: answered so, nothing is taken.
 * - `cut_before`: the connection ends before the body is read; nothing is taken.
 * - `cut_after`: everything is taken, then the connection ends without a reply.
 * - `500_after`: everything is taken, then it is answered like `500`.
 * - `slow`, `huge_reply`, `html`: everything is taken, the reply is late, too large, or a web page.
 * - `wrong_reply`: everything is taken, the reply is JSON of another shape that echoes the request.
 * - `duplicate_accept`: the request is processed twice, the second time at another moment, both
 *   before the named job ends.
 * - `wrong_counts`: the last person is lost and the counts say so.
 * - `bad_record`: the record at `index` is called bad (Google refuses the request, Meta counts it).
 * - `job_failed`, `job_partial`, `drop_job`: accepted, then nothing, half of it, or no end at all.
 */
const FAULT_KINDS = [
  '500',
  '429',
  'redirect',
  'cut_before',
  'cut_after',
  '500_after',
  'slow',
  'huge_reply',
  'html',
  'wrong_reply',
  'duplicate_accept',
  'wrong_counts',
  'bad_record',
  'job_failed',
  'job_partial',
  'drop_job',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultSchema = z.strictObject({
  network: z.enum(NETWORKS),
  /** Without one: any request. */
  op: z.enum(OPERATIONS).optional(),
  kind: z.enum(FAULT_KINDS),
  /** For how many requests. */
  count: z.int().min(1).max(1_000_000).default(1),
  /** For `429`: the header, seconds or an HTTP date. */
  retryAfter: z.string().max(64).optional(),
  /** For `slow`, in milliseconds. */
  delayMs: z.int().min(0).max(120_000).optional(),
  /** For `bad_record`: position of the record. */
  index: z.int().min(0).max(9_999).optional(),
});
export type Fault = z.infer<typeof faultSchema>;
export type FaultRequest = z.input<typeof faultSchema>;

/** Faults that wait for a request, first come first served. */
export class Faults {
  #waiting: Fault[] = [];

  add(fault: FaultRequest): void {
    this.#waiting.push(faultSchema.parse(fault));
  }

  clear(): void {
    this.#waiting = [];
  }

  waiting(): readonly Fault[] {
    return this.#waiting;
  }

  /** The next fault for this request, used up by it. */
  take(network: Network, op: Operation): Fault | undefined {
    const found = this.#waiting.find(
      (fault) => fault.network === network && (fault.op === undefined || fault.op === op),
    );
    if (!found) return undefined;
    found.count -= 1;
    if (found.count === 0) this.#waiting = this.#waiting.filter((fault) => fault !== found);
    return found;
  }
}
