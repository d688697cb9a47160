import { randomBytes } from 'node:crypto';
import { type Clock, formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { Identity } from '../http/identity.js';

export interface AccessTokens {
  /** Whose token it is; `undefined` for one that is unknown, not yet valid or past its end. */
  identify(token: string): Promise<Identity | undefined>;
  /** Makes a token. It is returned this once; what is kept can't be turned back into it. */
  create(grant: { readonly owner: string; readonly validForMs: number }): Promise<string>;
  /** Whether somebody has a token that is valid now. */
  anyValid(): Promise<boolean>;
}

const PREFIX = 'kyoka_';

/**
 * Personal tokens. A token is 256 random bits; the database keeps its keyed digest, so a copy of the
 * database neither opens the door nor can be used to test guesses. It is found by that digest, which
 * an attacker can't steer, so the time of the look-up tells nothing about a stored one.
 */
export function accessTokens(
  database: Queryable,
  { vault, clock }: { readonly vault: Pick<Vault, 'mac'>; readonly clock: Clock },
): AccessTokens {
  const digest = (token: string) => vault.mac('access token', token);
  return {
    async identify(token) {
      const [row] = await database.query<{ owner: string; starts_at: Date; ends_at: Date }>(
        `select owner, starts_at, ends_at from permissions.access_token
          where hash = $1 and $2 between starts_at and ends_at`,
        [digest(token), formatInstant(clock())],
      );
      return (
        row && {
          owner: row.owner,
          startsAt: row.starts_at.getTime() as Instant,
          endsAt: row.ends_at.getTime() as Instant,
        }
      );
    },
    async create({ owner, validForMs }) {
      const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
      const now = clock();
      await database.query(
        `insert into permissions.access_token (hash, owner, starts_at, ends_at, created_at)
         values ($1, $2, $3, $4, $3)`,
        [digest(token), owner, formatInstant(now), formatInstant(now + validForMs)],
      );
      return token;
    },
    async anyValid() {
      const [row] = await database.query<{ any: boolean }>(
        'select exists (select from permissions.access_token where $1 between starts_at and ends_at) as any',
        [formatInstant(clock())],
      );
      return row?.any === true;
    },
  };
}
