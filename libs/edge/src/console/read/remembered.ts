import type { Clock, Instant } from '@kyoka/kernel';

/** A value that was read, and when. */
export interface Remembered<T> {
  readonly value: T;
  readonly at: Instant;
}

/** The largest part of the time that reading may take, whoever asks however often. */
const SHARE = 0.05;

/**
 * Reads something costly at most every `everyMs`, and the less often the longer it takes: many readers,
 * and pages that ask again by themselves, cost no more than one. Who asks gets what was read last, while
 * it is read anew; only who finds nothing, or what nobody has asked for in a while, waits.
 */
export function remembered<T>(
  read: () => Promise<T>,
  { everyMs, clock }: { readonly everyMs: number; readonly clock: Clock },
): () => Promise<Remembered<T>> {
  let last: Remembered<T> | undefined;
  let reading: Promise<Remembered<T>> | undefined;
  let notBefore: Instant = 0;

  const readAnew = async (): Promise<Remembered<T>> => {
    const started = clock();
    try {
      last = { value: await read(), at: started };
      return last;
    } finally {
      const ended = clock();
      notBefore = Math.max(started + everyMs, ended + (ended - started) / SHARE);
      reading = undefined;
    }
  };
  return async () => {
    const now = clock();
    if (last !== undefined && now < notBefore) return last;
    const ongoing = (reading ??= readAnew());
    if (last === undefined || now > notBefore + (notBefore - last.at)) return ongoing;
    // Who has an older value isn't told of a fault; the next who asks tries again.
    ongoing.catch(() => undefined);
    return last;
  };
}
