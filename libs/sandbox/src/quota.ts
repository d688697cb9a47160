import type { Clock } from '@kyoka/kernel';

interface Limit {
  readonly requests: number;
  readonly perMs: number;
}

/** Counts requests in windows of fixed length; a window's first request after its end opens a new one. */
export class Quota {
  readonly #windows: { limit: Limit; window: number; used: number }[];

  constructor(
    private readonly clock: Clock,
    limits: readonly Limit[],
  ) {
    this.#windows = limits.map((limit) => ({ limit, window: -1, used: 0 }));
  }

  /** Whether one more request fits within every limit. */
  take(): boolean {
    for (const each of this.#windows) {
      const window = Math.floor(this.clock() / each.limit.perMs);
      if (window !== each.window) Object.assign(each, { window, used: 0 });
      each.used += 1;
    }
    return this.#windows.every(({ limit, used }) => used <= limit.requests);
  }
}
