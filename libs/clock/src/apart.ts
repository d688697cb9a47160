import { type Instant, isKyokaError, MINUTE } from '@kyoka/kernel';
import { DatabaseError } from '@kyoka/postgres';
import { count } from '@kyoka/telemetry';

/** After this long an item that failed is tried again. */
const REST_MS = 5 * MINUTE;
/** If more items than this fail, it isn't the items. */
const MOST = 100;

/** Statement timeout and lock not available: the database is there, and other items may be quicker. */
const OF_ONE_ITEM = new Set(['57014', '55P03']);

const ofAll = (fault: unknown): boolean =>
  isKyokaError(fault) &&
  fault.retry === 'backoff' &&
  !(fault instanceof DatabaseError && OF_ONE_ITEM.has(fault.sqlState ?? ''));

/** Keeps items of a task that fail apart for a while, so that one of them holds up no others. */
export class Apart {
  readonly #task: string;
  readonly #onFault: (fault: unknown, id: string) => void;
  readonly #until = new Map<string, Instant>();

  /** @param onFault told of each item that fails */
  constructor(task: string, onFault: (fault: unknown, id: string) => void) {
    this.#task = task;
    this.#onFault = onFault;
  }

  /** The items that the task leaves out at `at`. */
  at(at: Instant): string[] {
    for (const [id, until] of this.#until) if (until <= at) this.#until.delete(id);
    return [...this.#until.keys()];
  }

  /**
   * Does the work of all items together; where that fails, of each half of them, down to the one that
   * is to blame. `work` must do all or nothing.
   *
   * @returns of how many it was done
   * @throws what isn't the fault of an item, such as a database that is away
   */
  async together(
    ids: readonly string[],
    at: Instant,
    work: (ids: readonly string[]) => Promise<unknown>,
  ): Promise<number> {
    const [first] = ids;
    if (first === undefined) return 0;
    try {
      await work(ids);
      return ids.length;
    } catch (fault) {
      if (ofAll(fault) || this.#until.size >= MOST) throw fault;
      if (ids.length === 1) {
        this.#until.set(first, at + REST_MS);
        count('kyoka_clock_failed_total', { task: this.#task });
        this.#onFault(fault, first);
        return 0;
      }
    }
    const half = Math.ceil(ids.length / 2);
    const done = await this.together(ids.slice(0, half), at, work);
    return done + (await this.together(ids.slice(half), at, work));
  }
}
