import { deepEqual, partialDeepStrictEqual } from 'node:assert/strict';
import { SECOND } from '@kyoka/kernel';
import type { Connector, ListRef, Member, SendRequest } from '../connector.js';
import type { JobRef, SendOutcome } from '../outcome.js';
import type { ConformanceHarness } from './harness.js';

/** Lifetime of the members of a bench's list, where the network lets members end. */
export const LIFETIME_DAYS = 30;

/** A made-up match key: 64 lower-case hex digits. */
export function key(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/** A made-up person with one email and one phone. */
export function person(number: number): Member {
  return { emails: [key(2 * number)], phones: [key(2 * number + 1)] };
}

/** One list of one network under test, with the clock in hand. */
export class Bench {
  private constructor(
    readonly harness: ConformanceHarness,
    readonly connector: Connector,
    readonly list: ListRef,
  ) {}

  /** Runs one case on a network of its own. */
  static async run(
    start: () => Promise<ConformanceHarness>,
    run: (bench: Bench) => Promise<void>,
  ): Promise<void> {
    const harness = await start();
    const connector = harness.connect();
    try {
      const list = await connector.ensureList('spring', LIFETIME_DAYS);
      await run(new Bench(harness, connector, list));
    } finally {
      await connector.close();
      await harness.close();
    }
  }

  request(members: readonly Member[], more: Partial<SendRequest> = {}): SendRequest {
    const deadline = this.harness.clock() + this.connector.capabilities.sendDeadlineMs;
    return { list: this.list, members, deadline, ...more };
  }

  add(...members: Member[]): Promise<SendOutcome> {
    return this.connector.add(this.request(members));
  }

  remove(...members: Member[]): Promise<SendOutcome> {
    return this.connector.remove(this.request(members));
  }

  /** Past the network's longest processing time. */
  process(): void {
    const { addConfirmation } = this.connector.capabilities;
    this.harness.advance(addConfirmation.processingTimeMs + SECOND);
  }

  expectOutcome(outcome: SendOutcome, expected: Partial<SendOutcome>): void {
    partialDeepStrictEqual(outcome, expected);
  }

  /** The list holds every identifier of exactly these people. */
  expectHeld(...members: Member[]): void {
    const keys = members.flatMap(({ emails, phones }) => [...emails, ...phones]);
    const expected = new Set(keys.map((each) => this.harness.network.digest(each)));
    const held = this.harness.network.held(this.list);
    const missing = [...expected].filter((digest) => !held.has(digest));
    const unwanted = [...held].filter((digest) => !expected.has(digest));
    deepEqual({ missing, unwanted }, { missing: [], unwanted: [] });
  }

  /** Whether an outcome is confirmed by what the connector declares as its basis. */
  async confirmed(outcome: SendOutcome): Promise<boolean> {
    if (outcome.kind !== 'accepted' || !outcome.accountedFor) return false;
    if (this.connector.capabilities.removalConfirmation.basis === 'declared_time') return true;
    const state = await this.connector.poll?.(this.jobOf(outcome));
    return state?.kind === 'done' && state.complete;
  }

  jobOf(outcome: SendOutcome): JobRef {
    if (outcome.kind !== 'accepted' || !outcome.job) throw new Error('expected a job');
    return outcome.job;
  }
}

export interface ConformanceCase {
  readonly what: string;
  readonly run: (bench: Bench) => Promise<void>;
}
