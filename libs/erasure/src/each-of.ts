/** How long a step goes on taking up items; the one at hand is always finished. */
const TURN_MS = 5_000;

/**
 * Does the same to each, one after another: one that fails keeps no other waiting. Much to do is left to
 * the next turn once this one has lasted long enough, so that the other steps have theirs.
 *
 * @param turnMs 5 seconds without it
 * @returns how many were done
 * @throws the first fault, once each had its turn; what was done stays done
 */
export async function eachOf<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  turnMs = TURN_MS,
): Promise<number> {
  const faults: unknown[] = [];
  const until = performance.now() + turnMs;
  let done = 0;
  for (const item of items) {
    if (performance.now() >= until && done > 0) break;
    try {
      await work(item);
      done += 1;
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
  return done;
}
