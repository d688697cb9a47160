import type { Connector } from '@kyoka/connector-kit';
import type { Clock, Instant } from '@kyoka/kernel';
import type { RuledBy } from '@kyoka/permission-store';
import type { Queryable, Pool } from '@kyoka/postgres';
import type { ReleaseSettings } from './settings.js';
import type { MatchableKind } from './words.js';

/** What is asked about every person of an audience: constant for one batch. */
export interface AudienceAsk {
  readonly policy: string;
  readonly purpose: string;
  readonly channel: 'ads';
  readonly recipient: string;
  readonly contentOwner: string;
  readonly actor: string;
  readonly use: { readonly from: string; readonly to: string; readonly users: readonly string[] };
  readonly at: Instant;
}

/** The answer about one person: allowed with its basis and evidence, or refused with every reason. */
export interface PersonDecision {
  readonly subjectId: string;
  readonly allowed: boolean;
  readonly reasons: readonly { readonly code: string }[];
  readonly basis?: string | undefined;
  /** Place of what allows. */
  readonly rule?: string | undefined;
  readonly source?: string | undefined;
  /** The files that it was taken by; kept with a release. */
  readonly ruledBy?: RuledBy;
  readonly evidence: readonly string[];
  /** `null` when no policy of that name is known. */
  readonly policy: string | null;
  /** The contact points that this use may take; empty if refused. */
  readonly contacts: readonly { readonly kind: string; readonly token: Buffer }[];
  /** The person's other contact points, each with every reason against it. */
  readonly refusedContacts: readonly {
    readonly kind: string;
    readonly token: Buffer;
    readonly reasons: readonly { readonly code: string }[];
  }[];
  /**
   * The earliest moment at which time alone may change this answer; of somebody unknown, at which it
   * may change the terms, which are the same for everybody. Absent where it changes nothing.
   */
  readonly changesAt?: Instant | undefined;
}

/** Decides persons by their stored facts, under today's facts of the recipient and the policy. */
export type DecidePersons = (
  tx: Queryable,
  ask: AudienceAsk,
  subjectIds: readonly string[],
) => Promise<PersonDecision[]>;

/** Whom each stop act reaches, by its id. */
export type ReachOf = (
  tx: Queryable,
  stopActIds: readonly string[],
) => Promise<Map<string, string[]>>;

/** Of whom stop acts reach, those whom they stop for a question now: in their scope, and not ended. */
export type StopsInForce = (
  tx: Queryable,
  ask: AudienceAsk,
  reach: ReadonlyMap<string, readonly string[]>,
) => Promise<Map<string, string[]>>;

/** What orders releases and stops. The product's is `barrierGuard`. */
export interface GateGuard {
  /** A mark to be taken before the decision's first read. */
  mark(tx: Queryable): Promise<string>;
  /** Takes the shared side of the barrier until the transaction ends. Its last lock. */
  close(tx: Queryable): Promise<void>;
  /** Whether anything that may narrow what one of these subjects allows has committed since the mark. */
  narrowed(tx: Queryable, mark: string, subjectIds: readonly string[]): Promise<boolean>;
}

/**
 * The match key of a sealed contact point; `undefined` if it can't be opened or has no form at this
 * network. A promise only where the key had to be looked for first.
 */
export type MatchKeyOf = (
  network: string,
  contact: {
    readonly subjectId: string;
    readonly kind: MatchableKind;
    readonly sealed: Buffer;
  },
) => string | undefined | Promise<string | undefined>;

/** What the log takes: a fixed code and fields without personal data. */
export type Log = (code: string, fields: Readonly<Record<string, string | number>>) => void;

/** Everything the package needs from outside. */
export interface ReleaseContext {
  /** A pool under the role `kyoka_audiences`. */
  readonly pool: Pool;
  readonly decide: DecidePersons;
  readonly reachOf: ReachOf;
  readonly stopsInForce: StopsInForce;
  readonly guard: GateGuard;
  readonly matchKeyOf: MatchKeyOf;
  /** By the network's name. */
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ReleaseSettings;
}
