import { makeSignInLink } from '@kyoka/access';
import type { Settings } from '@kyoka/config';
import { type Clock, formatInstant, KyokaError } from '@kyoka/kernel';
import { openPool } from '@kyoka/postgres';
import { openVault } from '@kyoka/vault';
import { ANSWERED } from '../lines/surroundings.js';
import { withDatabase } from './own-database.js';

/**
 * `kyoka sign-in`: a link that signs somebody in once, as a start prints one. It takes what only the
 * machine of the service has, its database and its keys, and no token, since who has neither a token
 * nor a link is who needs one. The act is kept as one of the service's own.
 *
 * @throws KyokaError `conflict` where people sign in at an identity provider; `not_found` without a
 *   database; `key_missing`
 */
export async function signInLinkCommand(
  settings: Settings,
  owner: string,
  clock: Clock,
  write: (line: string) => void,
): Promise<number> {
  const { oidcIssuer, keyDir, dataDir, kek, publicUrl, serviceUrl } = settings;
  if (oidcIssuer !== undefined) {
    throw new KyokaError('conflict', 'people sign in at the identity provider', {
      faults: [{ field: 'KYOKA_OIDC_ISSUER', expected: 'not to be set' }],
    });
  }
  return withDatabase(settings, async (databaseUrl) => {
    const vault = await openVault({ keyDir, dataDir, kek });
    const pool = await openPool(databaseUrl, {
      role: 'kyoka_permissions',
      max: 1,
      applicationName: 'kyoka sign-in',
    });
    try {
      const { secret, endsAt } = await makeSignInLink(pool, { vault, clock }, owner);
      const { href } = new URL(`/sign-in/once/${secret}`, publicUrl ?? serviceUrl);
      write(JSON.stringify({ owner, url: href, endsAt: formatInstant(endsAt) }));
      return ANSWERED;
    } finally {
      await pool.destroy();
    }
  });
}
