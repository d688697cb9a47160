import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '@kyoka/kernel';
import { ServiceFault } from './connection.js';

export interface Patience {
  /** How often at most something is asked. */
  readonly tries: number;
  /** The first wait; each one after it is twice as long. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** In place of waiting for real. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export const PATIENCE: Patience = { tries: 4, firstWaitMs: 250, longestWaitMs: 10 * SECOND };

/**
 * Whether an act may be asked for again. `safe`: asking twice is as good as once. `answered`: only if
 * the service said itself that it did nothing, since twice would leave two records.
 */
export type Repeatable = 'safe' | 'answered';

/**
 * Asks again after a passing fault (retry class `backoff`): not sooner than the service allows, and
 * longer each time, by up to a half at random, so that many clients don't come back together.
 *
 * @throws ServiceFault the last one
 */
export async function retrying<T>(
  { tries, firstWaitMs, longestWaitMs, wait = sleep }: Patience,
  repeatable: Repeatable,
  ask: () => Promise<T>,
): Promise<T> {
  for (let done = 1; ; done += 1) {
    try {
      return await ask();
    } catch (fault) {
      if (done >= tries || !isPassing(fault, repeatable)) throw fault;
      const own = Math.min(longestWaitMs, firstWaitMs * 2 ** (done - 1));
      await wait(Math.max(fault.retryAfterMs ?? 0, own * (0.5 + Math.random() / 2)));
    }
  }
}

function isPassing(fault: unknown, repeatable: Repeatable): fault is ServiceFault {
  return (
    fault instanceof ServiceFault &&
    fault.retry === 'backoff' &&
    (repeatable === 'safe' || fault.answered)
  );
}
