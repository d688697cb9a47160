import { randomUUID } from 'node:crypto';
import { SCOPES } from '@kyoka/contracts';
import { type Clock, formatInstant } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { recordAct } from './acts.js';
import { lockRights } from './admin-lock.js';
import { type Identity, SERVICE } from './identity.js';
import { digestOf, newSecret } from './secrets.js';
import { findToken, insertToken, revokeTokensOf } from './tables/token-table.js';

export interface AccessTokens {
  /** Whose token it is; `undefined` for one that is unknown, revoked, not yet valid or past its end. */
  identify(token: string): Promise<Identity | undefined>;
  /**
   * Makes a token that may do everything, in the name of the service itself: for who runs the machine.
   * It is returned this once; what is kept can't be turned back into it.
   */
  create(grant: {
    readonly owner: string;
    readonly validForMs: number;
    /** Whether what the owner had until now ends with it. */
    readonly instead?: boolean;
  }): Promise<string>;
  /** Whether somebody has a token that is valid now. */
  anyValid(): Promise<boolean>;
}

const PREFIX = 'kyoka_';

/** A new token. What is digested and looked up is the whole text of it. */
export function newToken(): string {
  return `${PREFIX}${newSecret()}`;
}

/**
 * Personal tokens. A token is 256 random bits; the database keeps its keyed digest. Every request
 * looks its token up, so a revocation holds in every process at once.
 *
 * @param pool under the role of any context to identify, under `kyoka_permissions` to make one
 */
export function accessTokens(
  pool: Pool,
  { vault, clock }: { readonly vault: Pick<Vault, 'mac'>; readonly clock: Clock },
): AccessTokens {
  const db = queryable(pool);
  return {
    identify: (token) => findToken(db, digestOf(vault, 'access token', token), clock()),
    async create({ owner, validForMs, instead = false }) {
      const token = newToken();
      const now = clock();
      const id = randomUUID();
      await inTransaction(pool, async (tx) => {
        await lockRights(tx);
        const revoked = instead ? await revokeTokensOf(tx, owner, SERVICE.owner, now) : [];
        await insertToken(tx, {
          id,
          hash: digestOf(vault, 'access token', token),
          name: 'made at the start',
          owner,
          roles: ['administrator'],
          scopes: SCOPES,
          makers: [],
          startsAt: now,
          endsAt: now + validForMs,
          createdAt: now,
        });
        await recordAct(tx, {
          by: SERVICE,
          act: 'token.made',
          target: id,
          at: now,
          detail: { owner, ...(revoked.length > 0 && { revoked }) },
        });
      });
      return token;
    },
    async anyValid() {
      const [row] = await db.query<{ any: boolean }>(
        `select exists (select from access.token
           where $1 between starts_at and ends_at and revoked_at is null) as any`,
        [formatInstant(clock())],
      );
      return row?.any === true;
    },
  };
}
