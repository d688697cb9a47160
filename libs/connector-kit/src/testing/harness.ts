import type { Clock } from '@kyoka/kernel';
import type { Connector, ListRef } from '../connector.js';

/** What the suite tells the network to do wrong, once. */
export interface ConformanceFault {
  readonly kind:
    | '500'
    | '429'
    | 'redirect'
    | 'cut_before'
    | 'cut_after'
    | '500_after'
    | 'slow'
    | 'huge_reply'
    | 'html'
    | 'wrong_reply'
    | 'duplicate_accept'
    | 'wrong_counts'
    | 'bad_record'
    | 'job_failed'
    | 'job_partial'
    | 'drop_job';
  readonly op?: 'add' | 'remove' | 'poll' | 'list';
  readonly retryAfter?: string;
  readonly delayMs?: number;
  readonly index?: number;
}

/** A network played on this machine, as its people would see it. */
export interface PlayedNetwork {
  inject(fault: ConformanceFault): void;
  /** Requests to add or remove that reached it so far, whatever became of them. */
  requests(): number;
  /** Digests of the identifiers that a list holds now. */
  held(list: ListRef): ReadonlySet<string>;
  digest(matchKey: string): string;
  /** Parts of the longest processing time, from 0 to below 1, that the next jobs take. */
  nextProcessing(...parts: number[]): void;
}

export interface ConformanceHarness {
  readonly network: PlayedNetwork;
  /** A connector to the network, with these settings in place of the right ones. */
  connect(settings?: {
    token?: () => Promise<string>;
    baseUrl?: string;
    replyTimeoutMs?: number;
  }): Connector;
  /** Moves only when told. */
  readonly clock: Clock;
  advance(ms: number): void;
  close(): Promise<void>;
}
