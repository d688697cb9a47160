/** Numbers that look random and are the same for the same seed (Mulberry32, public domain). */
export interface Random {
  /** 0 up to, but not, 1. */
  next(): number;
  chance(share: number): boolean;
  one<T>(list: readonly T[]): T;
  /** One of the keys, by weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  bytes(length: number): Buffer;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    chance: (share) => next() < share,
    one: (list) => {
      const found = list[between(0, list.length - 1)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
    weighted: <T extends string>(weights: Readonly<Record<T, number>>): T => {
      const entries = Object.entries(weights) as [T, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries[0] as [T, number])[0];
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => between(0, 255))),
  };
}
