import type { Instant } from '@kyoka/kernel';

/** One kind of thing that time ends. */
export interface DueTask {
  /** Two processes that run a task of one name never run it at the same time. */
  readonly name: string;
  /**
   * Ends what is due at `at`, one batch of it, and returns how many that were; 0 once nothing is left
   * to end. Finds it by an indexed due date, so that the cost follows what is due. Safe to repeat: after
   * a crash in the middle the next call ends the rest, and what has ended isn't ended again.
   */
  run(at: Instant): Promise<number>;
  /** The earliest moment at which something of it is due; `undefined` where nothing is. */
  next?(): Promise<Instant | undefined>;
}
