import { type DueTask, type RunningClock, startClock } from '@kyoka/clock';
import { SECOND } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import type { ProcessParts } from './process-parts.js';

/** What another process made due is late by this at most. */
const EVERY_MS = 10 * SECOND;

/**
 * Ends by itself what time ends. Any number of processes may run the same tasks: each runs in one of
 * them at a time.
 *
 * @param name of this clock, where a process that doesn't close in time names it
 * @param pool under the role of the context that the tasks belong to
 * @param everyMs the longest time between two looks, in milliseconds
 * @param batchMs the longest that a batch of theirs may take, in milliseconds
 */
export function keepTime(
  {
    name,
    pool,
    tasks,
    everyMs = EVERY_MS,
    batchMs,
  }: {
    readonly name: string;
    readonly pool: Pool;
    readonly tasks: readonly DueTask[];
    readonly everyMs?: number;
    readonly batchMs?: number;
  },
  { clock, closing, log }: ProcessParts,
): RunningClock {
  const running = startClock({
    tasks,
    pool,
    clock,
    everyMs,
    ...(batchMs !== undefined && { batchMs }),
    onRan: (operation, count) => log.info('due_ended', { operation, count }),
    onFault: (operation, fault) => log.error('due_failed', { operation, fault }),
  });
  closing.add(name, () => running.stop());
  return running;
}
