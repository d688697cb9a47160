import type { Instant } from '@kyoka/kernel';
import type { AudienceDetail } from './read/audience.js';
import type { Names } from './read/names.js';
import type { DecidedUse } from './read/person.js';
import type { PolicyOnRecord } from './read/policies.js';
import type { Remembered } from './read/remembered.js';
import type { OpenRemovals, OverdueRemoval } from './read/removals.js';
import type { StopCursor, StopPage } from './read/stops.js';
import type { StopSummary, Summary } from '../summary/summary.js';

/** What changes while somebody looks, and is quickly read. */
export interface Pulse extends Pick<Summary, 'events' | 'audiences' | 'stops'> {
  readonly removals: OpenRemovals;
  /** The moment from which totals are that take long to count, so that the clock counts them; absent where none does. */
  readonly countedAt?: Instant | undefined;
}

/** Where things stand, each part as fresh as its reading is cheap. */
export interface Overview {
  readonly pulse: Remembered<Pulse>;
  readonly people: Remembered<Summary['people']>;
  readonly switches: Summary['switches'];
  readonly evidence: Summary['evidence'];
}

/** What the pages of the company's people show, besides what the API answers. */
export interface ConsolePort {
  overview(): Promise<Overview>;
  audience(id: string): Promise<AudienceDetail | undefined>;
  stops(after?: StopCursor): Promise<StopPage>;
  stop(id: string): Promise<StopSummary | undefined>;
  overdue(): Promise<OverdueRemoval[]>;
  /** What may be done with a person today, and why. */
  uses(subject: string): Promise<DecidedUse[]>;
  /** Every deployed version of a policy, by id and the newest first. */
  policies(): Promise<PolicyOnRecord[]>;
  /** What ids are called, some seconds old at most. */
  names(): Promise<Names>;
  /** The present moment, ISO 8601 in UTC. */
  now(): string;
}
