import type { Scope, TokenRequest } from '@kyoka/contracts';
import {
  endOfTerm,
  type FieldFault,
  formatInstant,
  type Instant,
  KyokaError,
  parseInstant,
} from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Identity } from './identity.js';
import { findStanding } from './tables/person-table.js';
import { holdSession } from './tables/session-table.js';
import { findTokenById } from './tables/token-table.js';

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

/**
 * A token hands on what it has; a signed-in person what the last sign-in told, since a session is short.
 * Neither hands on anything after its end.
 */
export async function boundsOf(
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
  if (!(await holdSession(tx, maker.credential))) throw over();
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

export function requireWithin(request: TokenRequest, maker: Identity, bounds: Bounds): void {
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

export function periodOf(
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
