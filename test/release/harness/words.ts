import { type Instant, MINUTE, parseInstant, SECOND } from '@kyoka/kernel';

/** When every company's clock stands at first. */
export const START = parseInstant('2026-11-24T10:00:00+09:00') as Instant;
/** The longest both networks of the sandbox work on a request. */
export const PROCESSING_MS = 20 * SECOND;

/** What the connectors are told about it. */
export const TIMING = {
  processingTimeMs: PROCESSING_MS,
  firstPollAfterMs: SECOND,
  pollBackoff: { factor: 4, maxMs: 4 * MINUTE },
  giveUpAfterMs: 10 * MINUTE,
};

export const NETWORKS = ['google', 'meta'] as const;
export type Network = (typeof NETWORKS)[number];

export interface Person {
  readonly ref: string;
  readonly source?: string;
  readonly category?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Recipients that the person consented to; both by default. */
  readonly consents?: readonly Network[];
  /** The category of the person's order; `false`: none. Skin care by default. */
  readonly ordered?: string | false;
}
