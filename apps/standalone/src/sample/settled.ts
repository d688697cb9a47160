import { setTimeout as sleep } from 'node:timers/promises';
import { KyokaError } from '@kyoka/kernel';

const EVERY_MS = 200;

/**
 * Asks again until the answer is settled.
 *
 * @throws KyokaError `network_unavailable` when that takes longer than `withinMs`
 */
export async function untilSettled<T>(
  ask: () => Promise<T>,
  isSettled: (answer: T) => boolean,
  { withinMs, onAnswer }: { withinMs: number; onAnswer?: (answer: T) => void },
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isSettled(answer)) return answer;
    onAnswer?.(answer);
    if (performance.now() > deadline) {
      throw new KyokaError('network_unavailable', 'the sandbox did not settle in time');
    }
    await sleep(EVERY_MS);
  }
}
