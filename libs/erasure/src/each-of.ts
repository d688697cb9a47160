/**
 * Does the same to each, one after another: one that fails keeps no other waiting.
 *
 * @returns how many there were
 * @throws the first fault, once each had its turn; what was done stays done
 */
export async function eachOf<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  const faults: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
  return items.length;
}
