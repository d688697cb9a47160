import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Instant, MINUTE } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import { count, set } from '@kyoka/telemetry';
import type { DueTask } from './due-task.js';
import { runOnce } from './once.js';
import { within } from './within.js';

export interface ClockOptions {
  readonly tasks: readonly DueTask[];
  /** Of at least two connections: one holds the lock of a task while it runs. */
  readonly pool: Pool;
  readonly clock: Clock;
  /** The longest time between two looks, in milliseconds; what another process made due is late by that at most. */
  readonly everyMs: number;
  /** The longest that a batch of a task may take, in milliseconds; after it the others have their turn. Two minutes without. */
  readonly batchMs?: number;
  /** A task ended something. */
  readonly onRan?: (name: string, count: number) => void;
  /** A task failed or is late; the others go on, and it has its turn again with the next look. */
  readonly onFault: (name: string, fault: unknown) => void;
}

export interface RunningClock {
  /** Something may be due now: look. */
  wake(): void;
  /** Lets the batch at hand finish. */
  stop(): Promise<void>;
}

/** Batches of one task before the next has its turn, so that much to catch up on keeps no other waiting. */
const BATCHES = 10;

/**
 * Looks at once, then whenever something is due, and at least every `everyMs`. What became due while
 * no process ran is found by the first look, since a due date that has passed stays due. A batch that
 * takes too long is left behind: its lock is free for other processes, here its task has no turn until
 * it has ended.
 */
export function startClock(options: ClockOptions): RunningClock {
  const { tasks, clock, everyMs, batchMs = 2 * MINUTE, onFault } = options;
  const stopped = new AbortController();
  const leftBehind = new Set<string>();
  let rest = new AbortController();
  let woken = false;
  for (const { name: task } of tasks) {
    count('kyoka_clock_failed_total', { task }, 0);
    count('kyoka_clock_ended_total', { task }, 0);
    // Counts from the start: a task that hangs in its first turn never succeeded.
    set('kyoka_clock_last_success_seconds', { task }, clock() / 1_000);
  }
  const running = keepLooking();
  return {
    wake() {
      woken = true;
      rest.abort();
    },
    async stop() {
      stopped.abort();
      rest.abort();
      await running;
    },
  };

  async function keepLooking(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = false;
      const from = clock();
      let ended = 0;
      for (const task of tasks) ended += await turnOf(task);
      rest = new AbortController();
      const waitMs = await untilNext(from);
      if (ended > 0 || woken || stopped.signal.aborted) continue;
      await sleep(waitMs, undefined, { signal: rest.signal }).catch(() => undefined);
    }
  }

  async function turnOf(task: DueTask): Promise<number> {
    const { name } = task;
    if (leftBehind.has(name)) return 0;
    let ended = 0;
    try {
      for (let batch = 0; batch < BATCHES && !stopped.signal.aborted; batch += 1) {
        const batchEnded = await runOnce(options, watched(task));
        if (batchEnded !== 'elsewhere') {
          set('kyoka_clock_last_success_seconds', { task: name }, clock() / 1_000);
        }
        if (batchEnded === 'elsewhere' || batchEnded === 0) break;
        ended += batchEnded;
      }
    } catch (fault) {
      count('kyoka_clock_failed_total', { task: name });
      onFault(name, fault);
    }
    count('kyoka_clock_ended_total', { task: name }, ended);
    if (ended > 0) options.onRan?.(name, ended);
    return ended;
  }

  /** The task, whose batch fails when it takes too long, while what it has begun goes on by itself. */
  function watched(task: DueTask): DueTask {
    return {
      name: task.name,
      run(at) {
        const batch = task.run(at);
        const end = () => void leftBehind.delete(task.name);
        return within(batchMs, batch, () => {
          leftBehind.add(task.name);
          batch.then(end, end);
        });
      },
    };
  }

  /**
   * @param from when the last look began: a due date before it belongs to what failed, or to what
   *   another process is at; one since then may have come just after its task's turn
   * @returns milliseconds to the next due date, at most `everyMs`
   */
  async function untilNext(from: Instant): Promise<number> {
    let next = clock() + everyMs;
    for (const { name: task, next: nextOf } of tasks) {
      if (nextOf === undefined) continue;
      try {
        const due = await within(batchMs, nextOf());
        const overdueMs = due === undefined ? 0 : Math.max(0, clock() - due);
        set('kyoka_clock_overdue_seconds', { task }, overdueMs / 1_000);
        if (due !== undefined && due > from) next = Math.min(next, due);
      } catch (fault) {
        onFault(task, fault);
      }
    }
    return Math.max(0, Math.ceil(next - clock()));
  }
}
