import { Readable } from 'node:stream';
import type { Clock, Instant } from '@kyoka/kernel';

const CHUNK = 64 * 1024;

/** A request body that stops being written at its deadline. */
export interface GuardedBody {
  readonly stream: Readable;
  readonly bytes: number;
  /** Whether any of it was handed to the connection. */
  readonly started: () => boolean;
  /** Why it stopped, if it did. */
  readonly stopped: () => 'deadline_passed' | 'aborted' | undefined;
}

/**
 * The HTTP client pulls the first chunk when the connection stands and sends the head together with
 * it, so the check before that chunk is the check right before the write: neither a slow lookup, nor
 * a slow handshake, nor a queue lies between. The later checks leave a body that a slow network
 * drains past the deadline incomplete, so that it can't be taken late.
 */
export function guardedBody(
  text: string,
  limits: { clock: Clock; deadline: Instant; signal?: AbortSignal | undefined },
): GuardedBody {
  const bytes = Buffer.from(text, 'utf8');
  let started = false;
  let stopped: 'deadline_passed' | 'aborted' | undefined;

  function* chunks() {
    for (let from = 0; from < bytes.length; from += CHUNK) {
      if (limits.signal?.aborted) stopped = 'aborted';
      else if (limits.clock() > limits.deadline) stopped = 'deadline_passed';
      if (stopped) throw new Error(stopped);
      started = true;
      yield bytes.subarray(from, from + CHUNK);
    }
  }

  return {
    // No buffer of its own: with one, chunks would be checked before their turn.
    stream: Readable.from(chunks(), { objectMode: true, highWaterMark: 0 }),
    bytes: bytes.length,
    started: () => started,
    stopped: () => stopped,
  };
}
