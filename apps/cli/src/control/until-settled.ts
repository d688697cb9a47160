import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 500;

/** Asks again until an answer is settled or `waitMs` are over, and gives the last one. */
export async function untilSettled<T>(
  first: T,
  ask: () => Promise<T>,
  isSettled: (answer: T) => boolean,
  waitMs: number,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  let answer = first;
  while (!isSettled(answer) && performance.now() < deadline) {
    await sleep(EVERY_MS);
    answer = await ask();
  }
  return answer;
}
