import type { Clock } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { Identity } from './identity.js';
import { type Quotas, quotas } from './quotas.js';
import { type SessionAdmin, sessionAdmin } from './session-admin.js';
import { sessions, type SessionTerms } from './sessions.js';
import { openProvider, type ProviderSettings } from './provider.js';
import { type SigningIn, signingIn } from './sign-in.js';
import { type SignInLinks, signInLinks } from './sign-in-links.js';
import { type TokenAdmin, tokenAdmin } from './token-admin.js';
import { type AccessTokens, accessTokens } from './tokens.js';

export interface AccessTerms extends SessionTerms {
  /** Requests a minute of a credential that has no quota of its own. */
  readonly quotaPerMinute: number;
}

/** Who may come in, and everything that gives and takes rights. */
export interface Access {
  /** Whose token or session it is; `undefined` for one that opens nothing. */
  identify(kind: 'token' | 'session', secret: string): Promise<Identity | undefined>;
  readonly quotas: Quotas;
  readonly tokens: AccessTokens & TokenAdmin;
  readonly sessions: SessionAdmin;
  readonly links: SignInLinks;
  readonly signIn: SigningIn;
}

/** @param pool under the role `kyoka_permissions` */
export function openAccess(
  pool: Pool,
  ports: {
    readonly vault: Pick<Vault, 'mac'>;
    readonly clock: Clock;
    readonly terms: AccessTerms;
    /** Where people sign in; without it only by one-time links. */
    readonly provider?: ProviderSettings | undefined;
  },
): Access {
  const { clock, terms } = ports;
  const own = sessions(pool, ports);
  const tokens = accessTokens(pool, ports);
  const links = signInLinks(pool, { ...ports, sessions: own });
  const provider = ports.provider && openProvider(ports.provider, ports);
  return {
    identify: (kind, secret) => (kind === 'token' ? tokens : own).identify(secret),
    quotas: quotas(queryable(pool), { clock, perMinute: terms.quotaPerMinute }),
    tokens: { ...tokens, ...tokenAdmin(pool, ports) },
    sessions: sessionAdmin(pool, ports),
    links,
    signIn: signingIn(pool, { clock, sessions: own, links, provider }),
  };
}
