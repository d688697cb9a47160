import type { RunAnswer, SuspensionAnswer, SwitchAnswer } from '@kyoka/contracts';
import type { ReasonCode } from '@kyoka/decision';

/** What happened to the events that came in. */
export interface EventsSummary {
  readonly accepted: number;
  /** Of the accepted, those that the service made of a request over HTTP or of an act on a person's page. */
  readonly made: number;
  /** Known only to who counts the answers: nothing of these events is kept. */
  readonly duplicate?: number;
  readonly skipped?: number;
  readonly refused?: number;
  /** What waits for a person, the most frequent reason first. `applied`: stops that took effect all the same; `stops`: those without any. */
  readonly parked: readonly {
    readonly reason: string;
    readonly events: number;
    readonly applied: number;
    readonly stops: number;
  }[];
}

/** Whom one use may reach today, as `decide()` answers it about every record that was looked at. */
export interface UseSummary {
  readonly policy: string;
  readonly purpose: string;
  /** The policy's own words for the purpose. */
  readonly label: string;
  readonly channel: string;
  readonly recipient?: string;
  readonly allowed: number;
  readonly refused: number;
  /** By the first reason of each refused record, most frequent first; they add up to `refused`. */
  readonly reasons: readonly { readonly code: ReasonCode; readonly records: number }[];
}

export interface PeopleSummary {
  /** Records of people by the source that keeps them; a person may have several. */
  readonly records: readonly { readonly source: string; readonly records: number }[];
  readonly total: number;
  /** How many records were decided: all, or a sample of a large store. */
  readonly decided: number;
  readonly uses: readonly UseSummary[];
}

export interface AudienceSummary {
  readonly id: string;
  readonly name: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly policy: string;
  readonly use: { readonly from: string; readonly to: string; readonly users: readonly string[] };
  readonly ended: boolean;
  /** The newest run, if it was ever run. */
  readonly run?: RunAnswer;
  /** Persons whom the recipient holds, or may hold. */
  readonly held: number;
  /** One of those whom it holds for certain. */
  readonly someone?: string;
}

/** A suspension or an erasure that something had to be undone for. */
export interface StopSummary extends SuspensionAnswer {
  /** When it reached the service. ISO 8601 in UTC, like every moment here. */
  readonly arrivedAt: string;
}

/** How many erasures have come how far. */
export interface ErasuresSummary {
  /** For the removals at the networks, which need the address. */
  readonly waiting: number;
  /** When the last of them waits no longer. */
  readonly latestAt?: string;
  /** The rows are gone; the keys that sealed them go next. */
  readonly cleared: number;
  readonly erased: number;
  /** The last day (Asia/Tokyo) on which anything of the erased could be read, all terms counted. */
  readonly unreadableAfter?: string;
}

export interface StopsSummary {
  /** Every act that narrowed what is allowed, by kind. */
  readonly acts: readonly { readonly kind: string; readonly acts: number }[];
  /** The newest that had something to undo. */
  readonly undone: readonly StopSummary[];
  readonly erasures: ErasuresSummary;
}

export interface EvidenceSummary {
  readonly ledger: number;
  readonly decisions: number;
  readonly releases: number;
}

/** Where the company's people stand: what came in, whom may be reached, what was sent, what was stopped. */
export interface Summary {
  readonly at: string;
  readonly events: EventsSummary;
  readonly people: PeopleSummary;
  readonly audiences: readonly AudienceSummary[];
  readonly stops: StopsSummary;
  readonly switches: readonly (SwitchAnswer & { readonly target: 'policy' | 'recipient' })[];
  readonly evidence: EvidenceSummary;
  /** Address of the running service, for what to look at next. */
  readonly url?: string;
}
