import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Instant } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import { count, set } from '@kyoka/telemetry';
import type { DueTask } from './due-task.js';
import { runOnce } from './once.js';

export interface ClockOptions {
  readonly tasks: readonly DueTask[];
  /** Of at least two connections: one holds the lock of a task while it runs. */
  readonly pool: Pool;
  readonly clock: Clock;
  /** The longest time between two looks, in milliseconds; what another process made due is late by that at most. */
  readonly everyMs: number;
  /** A task ended something. */
  readonly onRan?: (name: string, count: number) => void;
  /** A task failed; the others go on, and it has its turn again with the next look. */
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
 * no process ran is found by the first look, since a due date that has passed stays due.
 */
export function startClock(options: ClockOptions): RunningClock {
  const { tasks, clock, everyMs, onFault } = options;
  const stopped = new AbortController();
  let rest = new AbortController();
  let woken = false;
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
      if (ended > 0 || woken) continue;
      rest = new AbortController();
      const waitMs = await untilNext(from);
      if (woken || stopped.signal.aborted) continue;
      await sleep(waitMs, undefined, { signal: rest.signal }).catch(() => undefined);
    }
  }

  async function turnOf(task: DueTask): Promise<number> {
    let ended = 0;
    try {
      for (let batch = 0; batch < BATCHES && !stopped.signal.aborted; batch += 1) {
        const batchEnded = await runOnce(options, task);
        if (batchEnded === 0) break;
        ended += batchEnded;
      }
      set('kyoka_clock_last_turn_seconds', { task: task.name }, clock() / 1_000);
    } catch (fault) {
      count('kyoka_clock_failed_total', { task: task.name });
      onFault(task.name, fault);
    }
    count('kyoka_clock_ended_total', { task: task.name }, ended);
    if (ended > 0) options.onRan?.(task.name, ended);
    return ended;
  }

  /**
   * @param from when the last look began: a due date before it belongs to what failed, or to what
   *   another process is at; one since then may have come just after its task's turn
   * @returns milliseconds to the next due date, at most `everyMs`
   */
  async function untilNext(from: Instant): Promise<number> {
    let next = clock() + everyMs;
    for (const task of tasks) {
      try {
        const due = await task.next?.();
        if (due !== undefined && due > from) next = Math.min(next, due);
      } catch (fault) {
        onFault(task.name, fault);
      }
    }
    return Math.max(0, Math.ceil(next - clock()));
  }
}
