import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const { prototype: queue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  prototype: RequestQueue;
};
const schedule = queue.scheduleCheckPendingRequests;

// kafkajs 2.2.4 re-arms a timer of 1 ms on every connection for ever (its issues 1704 and 1751): about
// 5 % of a core when idle, and a TimeoutNegativeWarning on Node 24. A timer is needed only while
// something waits to be sent.
queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
  schedule.call(this);
};
