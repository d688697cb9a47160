import { setTimeout as sleep } from 'node:timers/promises';
import { KyokaError } from '@kyoka/kernel';
import type { MessageHandler } from '@nestjs/microservices';
import { defaultIfEmpty, isObservable, lastValueFrom } from 'rxjs';
import type { BatchContext, BatchResult } from './batch-context.js';
import type { InboundRecord } from './records.js';

/** How often a handler that throws gets the same batch, with doubling waits in between. */
export interface Patience {
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

const PATIENCE: Patience = { tries: 8, firstWaitMs: 200, longestWaitMs: 5_000 };

const BEAT_MS = 500;
const SHORTEST_WAIT_MS = 20;

/**
 * Hands a batch to its handler until it is done, in place: waits with heartbeats, so that the
 * partition is kept and no other batch overtakes this one.
 *
 * @returns `stopped` when the transport began to stop before the batch was done
 * @throws KyokaError `internal` when the handler throws `patience.tries` times in a row, and
 *   whatever the context's heartbeat throws
 */
export async function deliver(
  handler: MessageHandler<readonly InboundRecord[], BatchContext>,
  records: readonly InboundRecord[],
  context: BatchContext,
  stop: AbortSignal,
  patience: Patience = PATIENCE,
): Promise<'done' | 'stopped'> {
  let thrown = 0;
  let waitMs = patience.firstWaitMs;
  for (;;) {
    const result = await attempt(handler, records, context);
    if (result !== undefined && 'done' in result) return 'done';
    if (result === undefined) {
      thrown += 1;
      if (thrown >= patience.tries) {
        throw new KyokaError('internal', `the handler of ${context.topic} fails again and again`);
      }
      await pause(waitMs, context, stop);
      waitMs = Math.min(waitMs * 2, patience.longestWaitMs);
    } else {
      thrown = 0;
      await pause(Math.max(result.retryAfterMs, SHORTEST_WAIT_MS), context, stop);
    }
    if (stop.aborted) return 'stopped';
  }
}

/** One call of the handler; `undefined` when it throws or answers with anything but a result. */
async function attempt(
  handler: MessageHandler<readonly InboundRecord[], BatchContext>,
  records: readonly InboundRecord[],
  context: BatchContext,
): Promise<BatchResult | undefined> {
  try {
    const answer: unknown = await handler(records, context);
    const result = isObservable(answer)
      ? await lastValueFrom(answer.pipe(defaultIfEmpty(undefined)))
      : answer;
    return isResult(result) ? result : undefined;
  } catch {
    // Nest's default filter has logged the fault and taken its kind away.
    return undefined;
  }
}

function isResult(value: unknown): value is BatchResult {
  if (typeof value !== 'object' || value === null) return false;
  return 'done' in value
    ? value.done === true
    : 'retryAfterMs' in value && typeof value.retryAfterMs === 'number';
}

async function pause(ms: number, context: BatchContext, stop: AbortSignal): Promise<void> {
  const end = Date.now() + ms;
  for (let left = ms; left > 0 && !stop.aborted; left = end - Date.now()) {
    await sleep(Math.min(left, BEAT_MS), undefined, { signal: stop }).catch(() => undefined);
    await context.heartbeat();
  }
}
