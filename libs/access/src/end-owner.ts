import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { recordAct } from './acts.js';
import { lockRights } from './admin-lock.js';
import type { Actor } from './identity.js';
import { endStanding } from './tables/person-table.js';
import { endSignInLinks } from './sign-in-links.js';
import { endSessionsBeyond } from './tables/session-table.js';
import { revokeTokensOf } from './tables/token-table.js';

/**
 * Ends everything that an owner holds and handed on: sessions, links that would begin one, tokens, and
 * the tokens made with them.
 * Signing in again begins anew.
 *
 * @returns ids of the tokens that stood until now
 */
export async function endOwner(
  tx: Queryable,
  owner: string,
  by: Actor,
  at: Instant,
): Promise<string[]> {
  // A sign-in locks its link before it locks the rights.
  await endSignInLinks(tx, owner, at);
  await lockRights(tx);
  await endStanding(tx, owner, at);
  await endSessionsBeyond(tx, owner, { roles: [], scopes: [], at });
  const revoked = await revokeTokensOf(tx, owner, by.owner, at);
  await recordAct(tx, { by, act: 'owner.ended', target: owner, at, detail: { revoked } });
  return revoked;
}
