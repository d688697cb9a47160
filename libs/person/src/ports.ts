import type { IntakeAnswer, RawEvent } from '@kyoka/intake';
import type { Clock } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import type { Pool, Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';

export interface PersonPorts {
  /** A pool under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly vault: Pick<Vault, 'mac' | 'open' | 'token'>;
  /** Today's policies, with every source contract and legal pack. */
  readonly policiesInForce: (db: Queryable) => Promise<PolicySet>;
  readonly addressOf: AddressOf;
  readonly intake: { ingest(events: readonly RawEvent[]): Promise<IntakeAnswer[]> };
  readonly clock: Clock;
  /** Base address of links, without a slash at its end. */
  readonly publicUrl: () => string;
  readonly terms: PageTerms;
  /** Whether duty mails are sent at all. */
  readonly mailing: boolean;
  /** Tells whoever follows stops that there is one. */
  readonly wake: () => void;
  /** Tells whoever sends duty mails that there is one. */
  readonly wakeMails: () => void;
}

/** Languages that the pages and mails speak. */
export type Lang = 'ja' | 'en';

/** How long links are valid, in milliseconds. */
export interface PageTerms {
  readonly preferencesMs: number;
  readonly oneClickMs: number;
  readonly confirmationMs: number;
}
