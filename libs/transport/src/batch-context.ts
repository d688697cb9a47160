import { BaseRpcContext } from '@nestjs/microservices';

interface BatchFacts {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: string;
  readonly stopping: () => boolean;
  readonly heartbeat: () => Promise<void>;
}

/** What a batch handler may ask of its transport (`@Ctx()`). */
export class BatchContext extends BaseRpcContext<[BatchFacts]> {
  constructor(facts: BatchFacts) {
    super([facts]);
  }

  get topic(): string {
    return this.args[0].topic;
  }

  get partition(): number {
    return this.args[0].partition;
  }

  /** Offset of the first record of the batch. */
  get firstOffset(): string {
    return this.args[0].firstOffset;
  }

  /** Whether the transport wants to end: finish or give up soon. */
  stopping(): boolean {
    return this.args[0].stopping();
  }

  /**
   * Keeps the partition while a long piece of work goes on. It throws when the partition was given
   * to another consumer; let that out, so that the transaction rolls back.
   */
  heartbeat(): Promise<void> {
    return this.args[0].heartbeat();
  }
}

/**
 * What a batch handler returns. `done`: every record is committed or parked, never to come again.
 * `retryAfterMs`: nothing is committed, and the same batch should come again after a wait, because
 * something passing (a lost database) stands in the way.
 *
 * A record that can't be processed is parked by the handler in its own transaction. A handler that
 * throws is taken for broken: the same batch comes a few times more, then the transport gives up.
 */
export type BatchResult = { readonly done: true } | { readonly retryAfterMs: number };
