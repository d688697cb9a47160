import { KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Identity } from './identity.js';
import { holdSession } from './tables/session-table.js';
import { holdToken } from './tables/token-table.js';

/**
 * Holds the token or session of whoever acts against its revocation until the transaction ends: what
 * is done with it has either committed before the revocation is answered, or is refused. The door has
 * looked before, but before the body was read. Taken before every other row.
 *
 * @throws KyokaError `unauthenticated` for one that was revoked or ended meanwhile
 */
export async function holdCredential(
  tx: Queryable,
  { credential, csrf }: Pick<Identity, 'credential' | 'csrf'>,
): Promise<void> {
  const hold = csrf === undefined ? holdToken : holdSession;
  if (await hold(tx, credential)) return;
  throw new KyokaError('unauthenticated', 'A valid token is needed');
}
