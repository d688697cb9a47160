import { setTimeout as sleep } from 'node:timers/promises';
import { KyokaError } from '@kyoka/kernel';

/**
 * What `work` gives, if it does within `ms`.
 *
 * @param late called once it hasn't; what was begun goes on
 * @throws KyokaError `internal` once it hasn't
 */
export async function within<T>(ms: number, work: Promise<T>, late?: () => void): Promise<T> {
  const ended = new AbortController();
  const limit = sleep(ms, undefined, { signal: ended.signal }).then(
    () => {
      late?.();
      throw new KyokaError('internal', `it did not end within ${ms} milliseconds`);
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, limit]);
  } finally {
    ended.abort();
  }
}
