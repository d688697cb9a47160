export const NETWORKS = ['google', 'meta'] as const;
export type Network = (typeof NETWORKS)[number];

/** What a request wants: change members, ask for a job, or make or find a list. */
export const OPERATIONS = ['add', 'remove', 'poll', 'list'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The identifiers of one person as keyed digests. The match key itself is never kept. */
export interface MemberDigests {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** How a job ends: the network applies all, some or none of it, or never comes to an end. */
export type JobEnd = 'success' | 'partial' | 'failed' | 'never';
