import type { Scope } from '@kyoka/contracts';
import type { Instant } from '@kyoka/kernel';

/** Who did something: the owner, and the token or session it was done with where there was one. */
export interface Actor {
  /** For example `user:sato` or `service:ad-sync`. */
  readonly owner: string;
  /** Id of the token or session. */
  readonly credential?: string;
}

/** Whoever holds a token or session: the acting user, whatever a request itself claims. */
export interface Identity extends Actor {
  readonly credential: string;
  /** For example `marketing`; see roles.ts. */
  readonly roles: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
  /** The credential's own period, which is the period of use where a request names no audience. */
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** The owners through whose hands the credential came; none where the service itself made it. */
  readonly makers: readonly string[];
  /** Requests a minute; the default of the service where there is none. */
  readonly quota?: number;
  /** Set for a signed-in person: what a form has to bring along (see the door). */
  readonly csrf?: string;
}

/** Everybody who stands behind a credential: a second person is nobody of these. */
export const standingBehind = ({ owner, makers }: Pick<Identity, 'owner' | 'makers'>): string[] => [
  owner,
  ...makers.filter((maker) => maker !== owner),
];

/** Who makes what nobody asked for with a credential of theirs: the process, for who runs the machine. */
export const SERVICE: Actor = { owner: 'service:kyoka' };
