import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint, Head } from '@kyoka/chain';
import type { Clock, Instant } from '@kyoka/kernel';
import type { CheckpointWriter } from './checkpoint-writer.js';
import type { CheckpointPublisher } from './publish-checkpoints.js';

export interface KeepCheckpointsOptions {
  readonly writer: CheckpointWriter;
  /** The heads of every chain, as they are committed now. */
  readonly heads: () => Promise<readonly Head[]>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly onWritten: (checkpoint: Checkpoint) => void;
  /** Every chain is under a checkpoint as it stood at this moment. */
  readonly onKept?: (at: Instant) => void;
  /** Where checkpoints are published too. */
  readonly publisher?: CheckpointPublisher | undefined;
  /**
   * A checkpoint that could not be written (the next one covers what it would have), or not be
   * published (it is with the next ones).
   */
  readonly onFault: (fault: unknown) => void;
}

export interface CheckpointKeeper {
  /** Writes the last checkpoint and ends. */
  stop(): Promise<void>;
}

/** Writes a checkpoint at once and then as often as told, where a chain has grown. */
export function keepCheckpoints(options: KeepCheckpointsOptions): CheckpointKeeper {
  const { writer, heads, everyMs, clock, onWritten, onKept, publisher, onFault } = options;
  const stopped = new AbortController();

  async function once(): Promise<void> {
    try {
      const at = clock();
      const checkpoint = await writer.write(await heads(), at);
      if (checkpoint !== undefined) onWritten(checkpoint);
      onKept?.(at);
    } catch (fault) {
      onFault(fault);
    }
    try {
      await publisher?.publishUpTo(writer.highest());
    } catch (fault) {
      onFault(fault);
    }
  }

  async function keep(): Promise<void> {
    while (!stopped.signal.aborted) {
      await once();
      await sleep(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
    await once();
  }

  const running = keep();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
