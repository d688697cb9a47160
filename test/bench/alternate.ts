/** Two ways of doing the same work, measured in turns so that a slower minute of the machine hits both. */
export interface Turns {
  /** Does the n-th turn of the product's path. @returns the rate or time in the row's unit */
  product(turn: number): Promise<number>;
  /** Does the same work by the bare way, or by each of several, of which the best counts. */
  limits: readonly ((turn: number) => Promise<number>)[];
  readonly turns: number;
  readonly higherIsBetter: boolean;
}

export interface Measured {
  readonly value: number;
  readonly limit: number;
  readonly ratio: number;
}

/** Medians of as many turns as asked for; of several limits the best median counts. */
export async function alternate({
  product,
  limits,
  turns,
  higherIsBetter,
}: Turns): Promise<Measured> {
  const values: number[] = [];
  const bare = limits.map((): number[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    values.push(await product(turn));
    for (const [index, limit] of limits.entries()) bare[index]?.push(await limit(turn));
  }
  const best = bare.map(median).reduce((a, b) => (a > b === higherIsBetter ? a : b));
  const value = median(values);
  return { value, limit: best, ratio: value / best };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param share between 0 and 1; the nearest rank counts */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
