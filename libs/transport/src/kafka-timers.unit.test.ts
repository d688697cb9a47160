import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import './kafka-timers.js';

interface Queue {
  readonly pending: unknown[];
  throttledUntil: number;
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;

function queue(state: { pending?: unknown[]; throttledUntil?: number }): Queue {
  const made = new RequestQueue({ logger: { debug: () => undefined } });
  made.pending.push(...(state.pending ?? []));
  made.throttledUntil = state.throttledUntil ?? -1;
  made.scheduleCheckPendingRequests();
  return made;
}

it.each([
  ['idle', {}, false],
  ['throttled', { throttledUntil: Date.now() + 60_000 }, true],
  ['with a request that waits', { pending: [{}] }, true],
])('a connection that is %s has a timer: %s', (_, state, hasTimer) => {
  const made = queue(state);
  expect(made.throttleCheckTimeoutId !== null).toBe(hasTimer);
  made.destroy();
});
