import { randomUUID } from 'node:crypto';
import type {
  RevokedTokensAnswer,
  Scope,
  TokenAnswer,
  TokenRequest,
  TokensAnswer,
} from '@kyoka/contracts';
import {
  type Clock,
  DAY,
  endOfTerm,
  type FieldFault,
  formatInstant,
  type Instant,
  KyokaError,
  parseInstant,
} from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { recordAct } from './acts.js';
import { lockRights } from './admin-lock.js';
import { endOwner } from './end-owner.js';
import { type Identity, standingBehind } from './identity.js';
import { digestOf } from './secrets.js';
import { findStanding } from './tables/person-table.js';
import {
  findTokenById,
  insertToken,
  listTokens,
  revokeTokens,
  type StoredToken,
} from './tables/token-table.js';
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

/** What a maker may hand on. */
interface Bounds {
  readonly scopes: ReadonlySet<Scope>;
  readonly roles: readonly string[];
  readonly endsAt: Instant;
  /** Requests a minute, its own or what everybody has. */
  readonly quota: number;
  /** Whether it is its own, so that what it makes has to name one. */
  readonly ownQuota: boolean;
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

/** A token hands on what it has; a signed-in person what the last sign-in told, since a session is short. */
async function boundsOf(
  tx: Queryable,
  maker: Identity,
  { at, everybodys }: { readonly at: Instant; readonly everybodys: number },
): Promise<Bounds> {
  if (maker.csrf === undefined) {
    const token = await findTokenById(tx, maker.credential);
    if (token === undefined || token.revokedAt !== undefined || token.endsAt < at) throw over();
    return {
      scopes: new Set(token.scopes),
      roles: token.roles,
      endsAt: token.endsAt,
      quota: token.quota ?? everybodys,
      ownQuota: token.quota !== undefined,
    };
  }
  const standing = await findStanding(tx, maker.owner);
  if (standing === undefined || standing.standsUntil < at) throw over();
  return {
    scopes: new Set(standing.scopes),
    roles: standing.roles,
    endsAt: standing.standsUntil,
    quota: everybodys,
    ownQuota: false,
  };
}

const over = () => new KyokaError('unauthenticated', 'A valid token is needed');

function requireWithin(request: TokenRequest, maker: Identity, bounds: Bounds): void {
  const { owner = maker.owner, scopes, roles = [], quotaPerMinute = 0 } = request;
  const beyond = [
    ...scopes.filter((scope) => !bounds.scopes.has(scope)),
    ...roles.filter((role) => !bounds.roles.includes(role)),
  ];
  if (beyond.length > 0) {
    throw new KyokaError('not_permitted', 'A token can do no more than who makes it', {
      faults: beyond.map((one) => ({ field: 'scope', expected: one })),
    });
  }
  if (owner !== maker.owner && !owner.startsWith('service:')) {
    throw new KyokaError('not_permitted', 'A person makes their own tokens', {
      faults: [{ field: 'owner', expected: 'the maker, or a service' }],
    });
  }
  if (owner !== maker.owner && !bounds.scopes.has('tokens:write')) {
    throw new KyokaError('not_permitted', 'The scope tokens:write is missing', {
      faults: [{ field: 'scope', expected: 'tokens:write' }],
    });
  }
  if ((bounds.ownQuota && quotaPerMinute === 0) || quotaPerMinute > bounds.quota) {
    throw new KyokaError('not_permitted', 'A token can do no more than who makes it', {
      faults: [{ field: 'quotaPerMinute', expected: `at most ${bounds.quota}` }],
    });
  }
}

function periodOf(
  request: TokenRequest,
  at: Instant,
  longest: Instant,
): { startsAt: Instant; endsAt: Instant } {
  const startsAt = Math.max(at, parseInstant(request.startsAt ?? '') ?? at);
  const endsAt = endOfTerm(request.endsAt, startsAt) as Instant;
  const faults: FieldFault[] = [];
  if (endsAt > longest) {
    faults.push({ field: 'endsAt', expected: `not after ${formatInstant(longest)}` });
  }
  if (endsAt <= startsAt) faults.push({ field: 'endsAt', expected: 'a moment after the start' });
  if (faults.length > 0) throw new KyokaError('bad_input', 'The period can not be had', { faults });
  return { startsAt, endsAt };
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
