import { type Access, openAccess, type ProviderSettings } from '@kyoka/access';
import type { Settings } from '@kyoka/config';
import type { Clock } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';

/**
 * The door of a process, as its settings say.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function accessOf(
  settings: Settings,
  { pool, vault }: { readonly pool: Pool; readonly vault: Vault },
  { clock }: { readonly clock: Clock },
): Access {
  return openAccess(pool, {
    vault,
    clock,
    terms: {
      hours: settings.sessionHours,
      idleMinutes: settings.sessionIdleMinutes,
      tokenDays: settings.tokenDays,
      quotaPerMinute: settings.tokenQuota,
    },
    provider: providerOf(settings),
  });
}

/** Settings are checked at their start: with an issuer there is what it needs. */
function providerOf(settings: Settings): ProviderSettings | undefined {
  const { oidcIssuer, oidcClientId, oidcRoles, publicUrl } = settings;
  if (!oidcIssuer || !oidcClientId || !oidcRoles || !publicUrl) return undefined;
  return {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: settings.oidcClientSecret,
    redirectUri: new URL('/sign-in/callback', publicUrl).href,
    scopes: settings.oidcScopes,
    userClaim: settings.oidcUserClaim,
    roleClaim: settings.oidcRoleClaim,
    roles: oidcRoles,
    sessionHours: settings.sessionHours,
  };
}

/**
 * Whether people reach the service over TLS only, so that a browser may hold its cookies back else:
 * its own, or that of a declared proxy, which takes no other way.
 */
export const isSecure = ({ publicUrl, tlsCertFile, trustedProxies }: Settings): boolean =>
  publicUrl?.startsWith('https:') === true ||
  tlsCertFile !== undefined ||
  (trustedProxies ?? []).length > 0;
