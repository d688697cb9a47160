import { type Clock, MINUTE } from '@kyoka/kernel';

/** Wrong links that an address may try within the span; a person who mistypes needs few. */
const TRIES = 20;
const SPAN_MS = 10 * MINUTE;

/** Addresses that are remembered at most; the one not heard of for longest is forgotten first. */
const ADDRESSES = 10_000;

/**
 * Counts wrong links by the address they are tried from. It only ever slows wrong ones: a valid link
 * works from an address that many share, because a stop must not wait for a stranger's mistakes.
 */
export class WrongLinks {
  readonly #clock: Clock;
  readonly #tries = new Map<string, { count: number; since: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns seconds to wait, where there were too many; else 0 */
  count(address: string): number {
    const key = networkOf(address);
    const now = this.#clock();
    const before = this.#tries.get(key);
    const current =
      before === undefined || before.since <= now - SPAN_MS ? { count: 0, since: now } : before;
    current.count += 1;
    this.#tries.delete(key);
    this.#tries.set(key, current);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > ADDRESSES && oldest !== undefined) this.#tries.delete(oldest);
    return current.count > TRIES ? Math.ceil((current.since + SPAN_MS - now) / 1000) : 0;
  }
}

/** One household has a /64 of IPv6. */
const networkOf = (address: string): string =>
  address.includes(':') && !address.startsWith('::ffff:')
    ? address.split(':').slice(0, 4).join(':')
    : address;
