import { KyokaError, type Clock, type Instant } from '@kyoka/kernel';
import { inTransaction, type Pool } from '@kyoka/postgres';
import { endOwner } from './end-owner.js';
import { type Identity, SERVICE } from './identity.js';
import type { Provider } from './provider.js';
import { findStanding } from './tables/person-table.js';
import type { Sessions } from './sessions.js';
import type { SignInLinks } from './sign-in-links.js';

/** A session that has begun: the secret for its cookie, when it ends, where the person wanted to go. */
export interface BegunSession {
  readonly secret: string;
  readonly endsAt: Instant;
  readonly to: string;
}

export interface SigningIn {
  readonly hasProvider: boolean;
  /**
   * Where to send a browser, and what its state cookie remembers until it comes back.
   *
   * @throws KyokaError `not_found` without a provider; `network_unavailable`
   */
  start(to: string): Promise<{ location: string; state: string }>;
  /**
   * @param query what the provider sent along, as it stands in the address
   * @param state the state cookie
   * @throws KyokaError `unauthenticated` for what doesn't answer this browser's question;
   *   `not_permitted` for somebody without a role here; `network_unavailable`
   */
  finish(query: string, state: string | undefined): Promise<BegunSession>;
  /** @throws KyokaError `unauthenticated` for a link that is unknown, used or past its end */
  useLink(secret: string): Promise<BegunSession>;
  end(identity: Identity): Promise<void>;
}

/** @param pool under the role `kyoka_permissions` */
export function signingIn(
  pool: Pool,
  ports: {
    readonly clock: Clock;
    readonly sessions: Sessions;
    readonly links: SignInLinks;
    readonly provider: Provider | undefined;
  },
): SigningIn {
  const { clock, sessions, links, provider } = ports;
  const theProvider = (): Provider => {
    if (provider === undefined) throw new KyokaError('not_found', 'There is no such path');
    return provider;
  };
  return {
    hasProvider: provider !== undefined,
    start: (to) => theProvider().start(to),
    async finish(query, state) {
      const { owner, roles, since, to } = await theProvider().finish(query, state);
      if (roles.length > 0) {
        const begun = await inTransaction(pool, (tx) =>
          sessions.begin(tx, { owner, roles, via: 'provider', since }),
        );
        return { ...begun, to };
      }
      // The provider says that they may do nothing here any more, so neither may what they made.
      await inTransaction(pool, async (tx) => {
        if ((await findStanding(tx, owner)) === undefined) return;
        await endOwner(tx, owner, SERVICE, clock());
      });
      throw new KyokaError('not_permitted', 'This account has no role here');
    },
    async useLink(secret) {
      return { ...(await links.use(secret)), to: '/' };
    },
    end: (identity) => sessions.end(identity),
  };
}
