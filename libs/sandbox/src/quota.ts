import type { Clock } from '@kyoka/kernel';

/** Counts requests in windows of fixed length; a window's first request after its end opens a new one. */
export class Quota {
  #window = -1;
  #used = 0;

  constructor(
    private readonly clock: Clock,
    private readonly limit: { requests: number; perMs: number },
  ) {}

  /** Whether one more request fits. */
  take(): boolean {
    const window = Math.floor(this.clock() / this.limit.perMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#used = 0;
    }
    this.#used += 1;
    return this.#used <= this.limit.requests;
  }
}
