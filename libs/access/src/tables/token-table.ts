import type { Scope } from '@kyoka/contracts';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Identity } from '../identity.js';

/** A token as it is kept: of its secret only the keyed digest. */
export interface NewToken {
  readonly id: string;
  readonly hash: Buffer;
  readonly name: string;
  readonly owner: string;
  readonly roles: readonly string[];
  readonly scopes: readonly Scope[];
  /** The owners through whose hands it came. */
  readonly makers: readonly string[];
  /** The token it was made with, or the person in whose session; neither where the service made it. */
  readonly makerToken?: string;
  readonly makerPerson?: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly createdAt: Instant;
  /** Requests a minute. */
  readonly quota?: number;
}

/** The identity behind a token that is valid at `at`, by its digest. */
export async function findToken(
  db: Queryable,
  hash: Buffer,
  at: Instant,
): Promise<Identity | undefined> {
  const [row] = await db.query<{
    id: string;
    owner: string;
    roles: string[];
    scopes: Scope[];
    makers: string[];
    starts_at: Date;
    ends_at: Date;
    quota: number | null;
  }>(
    `select id, owner, roles, scopes, makers, starts_at, ends_at, quota from access.token
      where hash = $1 and $2 between starts_at and ends_at and revoked_at is null`,
    [hash, formatInstant(at)],
  );
  return (
    row && {
      owner: row.owner,
      credential: row.id,
      roles: row.roles,
      scopes: new Set(row.scopes),
      makers: row.makers,
      startsAt: row.starts_at.getTime(),
      endsAt: row.ends_at.getTime(),
      ...(row.quota !== null && { quota: row.quota }),
    }
  );
}

export async function insertToken(tx: Queryable, token: NewToken): Promise<void> {
  await tx.query(
    `insert into access.token (id, hash, name, owner, roles, scopes, makers, maker_token, maker_person,
       starts_at, ends_at, created_at, quota)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      token.id,
      token.hash,
      token.name,
      token.owner,
      [...token.roles],
      [...token.scopes],
      [...token.makers],
      token.makerToken ?? null,
      token.makerPerson ?? null,
      formatInstant(token.startsAt),
      formatInstant(token.endsAt),
      formatInstant(token.createdAt),
      token.quota ?? null,
    ],
  );
}
