import { randomUUID } from 'node:crypto';
import type {
  RevokedTokensAnswer,
  TokenAnswer,
  TokenRequest,
  TokensAnswer,
} from '@kyoka/contracts';
import { type Clock, DAY, formatInstant, KyokaError } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { recordAct } from './acts.js';
import { lockRights } from './admin-lock.js';
import { endOwner } from './end-owner.js';
import { type Identity, standingBehind } from './identity.js';
import { digestOf } from './secrets.js';
import {
  findTokenById,
  insertToken,
  listTokens,
  revokeTokens,
  type StoredToken,
} from './tables/token-table.js';
import { boundsOf, periodOf, requireWithin } from './token-bounds.js';
import { newToken } from './tokens.js';

export interface TokenAdmin {
  /**
   * Makes a token in the name of whoever asks (design §2.9: none outranks or outlives its maker).
   *
   * @throws KyokaError `not_permitted` for scopes or roles that the maker lacks, or another's name;
   *   `bad_input` for a period beyond the maker's
   */
  make(request: TokenRequest, maker: Identity): Promise<TokenAnswer>;
  list(caller: Identity): Promise<TokensAnswer>;
  /**
   * Revokes a token and what was made with it, at once and everywhere.
   *
   * @throws KyokaError `not_found`, also for one that the caller may not see
   */
  revoke(id: string, caller: Identity): Promise<RevokedTokensAnswer>;
  /** Ends everything that an owner holds and handed on. */
  endOwner(owner: string, caller: Identity): Promise<RevokedTokensAnswer>;
}

/** @param pool under the role `kyoka_permissions` */
export function tokenAdmin(
  pool: Pool,
  {
    vault,
    clock,
    terms,
  }: {
    readonly vault: Pick<Vault, 'mac'>;
    readonly clock: Clock;
    readonly terms: { readonly tokenDays: number; readonly quotaPerMinute: number };
  },
): TokenAdmin {
  return {
    make: (request, maker) =>
      inTransaction(pool, async (tx) => {
        await lockRights(tx);
        const at = clock();
        const bounds = await boundsOf(tx, maker, { at, everybodys: terms.quotaPerMinute });
        const longest = Math.min(bounds.endsAt, at + terms.tokenDays * DAY);
        requireWithin(request, maker, bounds);
        const { startsAt, endsAt } = periodOf(request, at, longest);
        const token = newToken();
        const id = randomUUID();
        const owner = request.owner ?? maker.owner;
        const made = {
          id,
          name: request.name,
          owner,
          roles: request.roles ?? [],
          scopes: request.scopes,
          startsAt,
          endsAt,
          createdAt: at,
          ...(request.quotaPerMinute !== undefined && { quota: request.quotaPerMinute }),
        };
        await insertToken(tx, {
          ...made,
          hash: digestOf(vault, 'access token', token),
          makers: standingBehind(maker),
          ...(maker.csrf === undefined
            ? { makerToken: maker.credential }
            : { makerPerson: maker.owner }),
        });
        await recordAct(tx, {
          by: maker,
          act: 'token.made',
          target: id,
          at,
          detail: { owner, scopes: [...request.scopes], endsAt: formatInstant(endsAt) },
        });
        return { ...answerOf({ ...made, makers: standingBehind(maker) }), token };
      }),
    async list(caller) {
      const tokens = await listTokens(queryable(pool), seenBy(caller));
      return {
        tokens: tokens.map((token) => ({
          ...answerOf(token),
          ...(token.usedAt !== undefined && { usedAt: formatInstant(token.usedAt) }),
          ...(token.revokedAt !== undefined && { revokedAt: formatInstant(token.revokedAt) }),
          ...(token.revokedBy !== undefined && { revokedBy: token.revokedBy }),
        })),
      };
    },
    revoke: (id, caller) =>
      inTransaction(pool, async (tx) => {
        await lockRights(tx);
        const token = await findTokenById(tx, id);
        if (token === undefined || !isSeenBy(token, caller))
          throw new KyokaError('not_found', 'There is no such token');
        const at = clock();
        const revoked = await revokeTokens(tx, [id], caller.owner, at);
        if (revoked.length > 0) {
          await recordAct(tx, {
            by: caller,
            act: 'token.revoked',
            target: id,
            at,
            detail: { revoked },
          });
        }
        return { revoked };
      }),
    endOwner: (owner, caller) =>
      inTransaction(pool, async (tx) => ({
        revoked: await endOwner(tx, owner, caller, clock()),
      })),
  };
}

/** Whose tokens a caller sees; `undefined` for everybody's. */
const seenBy = ({ owner, scopes }: Identity): string | undefined =>
  scopes.has('tokens:write') ? undefined : owner;

function isSeenBy({ owner, makers }: StoredToken, caller: Identity): boolean {
  const of = seenBy(caller);
  return of === undefined || owner === of || makers.includes(of);
}

type Told = Pick<
  StoredToken,
  'id' | 'name' | 'owner' | 'scopes' | 'roles' | 'makers' | 'startsAt' | 'endsAt' | 'createdAt'
> & { readonly quota?: number | undefined };

const answerOf = (token: Told) => ({
  id: token.id,
  name: token.name,
  owner: token.owner,
  scopes: [...token.scopes],
  roles: [...token.roles],
  madeBy: token.makers[0] ?? 'service:kyoka',
  startsAt: formatInstant(token.startsAt),
  endsAt: formatInstant(token.endsAt),
  createdAt: formatInstant(token.createdAt),
  ...(token.quota !== undefined && { quotaPerMinute: token.quota }),
});
