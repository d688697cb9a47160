import type { LegalPack, Policy, PublishedText } from '@kyoka/policy';

/** One version of a policy that is or was in force, as its history tells it. */
export interface PublishedVersion {
  /** `id@version`. */
  readonly key: string;
  readonly policy: Policy;
  readonly inForce: boolean;
  /** Whether its text is here to be read. */
  readonly readable: boolean;
  /** Moments, ISO 8601 in UTC. */
  readonly since: string;
  readonly until?: string;
}

/** A policy as everybody may read it. */
export interface PublishedPolicy {
  readonly key: string;
  readonly policy: Policy;
  readonly legal: LegalPack;
  readonly text: PublishedText | undefined;
  /** Country of each registered recipient, ISO 3166-1 alpha-2. */
  readonly countries: ReadonlyMap<string, string>;
  /** Newest first. */
  readonly versions: readonly PublishedVersion[];
}

/** What the published pages show. */
export interface PublishedPort {
  /** The newest version in force of each policy, by its id. */
  inForce(): Promise<Policy[]>;
  /** @param name id of a policy, which is its newest version in force, or `id@version` of one that is or was in force */
  read(name: string): Promise<PublishedPolicy | undefined>;
}
