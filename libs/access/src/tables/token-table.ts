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

/**
 * Whether a token stands, and holds it there: a revocation waits, other users of it don't (KEY SHARE
 * against the FOR UPDATE of `revokeTokens`).
 */
export async function holdToken(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx.query(
    'select from access.token where id = $1 and revoked_at is null for key share',
    [id],
  );
  return rows.length > 0;
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

/** Every token that came from these, through however many hands. */
const TREE = `with recursive tree as (
    select id from access.token where id = any ($1::uuid[])
    union
    select t.id from access.token t join tree on t.maker_token = tree.id
  )`;

/**
 * Revokes tokens and everything that was made with them.
 *
 * @returns the ids of those that stood until now, sorted
 */
export async function revokeTokens(
  tx: Queryable,
  roots: readonly string[],
  by: string,
  at: Instant,
): Promise<string[]> {
  if (roots.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `${TREE}, standing as (
       select id from access.token
        where id in (select id from tree) and revoked_at is null order by id for update
     )
     update access.token set revoked_at = $2, revoked_by = $3
      where id in (select id from standing) returning id`,
    [[...roots], formatInstant(at), by],
  );
  return rows.map((row) => row.id).sort();
}

/** Revokes what a person made in a session and could not make any more: none outranks its maker. */
export async function revokeBeyond(
  tx: Queryable,
  owner: string,
  {
    roles,
    scopes,
    at,
  }: { readonly roles: readonly string[]; readonly scopes: readonly Scope[]; readonly at: Instant },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from access.token
      where maker_person = $1 and revoked_at is null and not (scopes <@ $2 and roles <@ $3)`,
    [owner, [...scopes], [...roles]],
  );
  return revokeTokens(
    tx,
    rows.map((row) => row.id),
    owner,
    at,
  );
}

/** Revokes every token that an owner has or made in a session, and everything made with them. */
export async function revokeTokensOf(
  tx: Queryable,
  owner: string,
  by: string,
  at: Instant,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'select id from access.token where (owner = $1 or maker_person = $1) and revoked_at is null',
    [owner],
  );
  return revokeTokens(
    tx,
    rows.map((row) => row.id),
    by,
    at,
  );
}

export interface StoredToken extends Omit<NewToken, 'hash' | 'makerToken' | 'makerPerson'> {
  readonly revokedAt?: Instant;
  readonly revokedBy?: string;
}

/** With when it was last used, within the ten seconds for which a process holds a part of its quota. */
export interface ListedToken extends StoredToken {
  readonly usedAt?: Instant;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly roles: string[];
  readonly scopes: Scope[];
  readonly makers: string[];
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
  readonly quota: number | null;
}

const COLUMNS =
  'id, name, owner, roles, scopes, makers, starts_at, ends_at, created_at, revoked_at, revoked_by, quota';

const tokenFrom = (row: TokenRow): StoredToken => ({
  id: row.id,
  name: row.name,
  owner: row.owner,
  roles: row.roles,
  scopes: row.scopes,
  makers: row.makers,
  startsAt: row.starts_at.getTime(),
  endsAt: row.ends_at.getTime(),
  createdAt: row.created_at.getTime(),
  ...(row.revoked_at !== null && { revokedAt: row.revoked_at.getTime() }),
  ...(row.revoked_by !== null && { revokedBy: row.revoked_by }),
  ...(row.quota !== null && { quota: row.quota }),
});

export async function findTokenById(db: Queryable, id: string): Promise<StoredToken | undefined> {
  const [row] = await db.query<TokenRow>(`select ${COLUMNS} from access.token where id = $1`, [id]);
  return row && tokenFrom(row);
}

/** The most that a list shows. */
const SHOWN = 500;

/** Tokens, the newest first: everybody's, or those that `of` has or made. */
export async function listTokens(db: Queryable, of: string | undefined): Promise<ListedToken[]> {
  const rows = await db.query<TokenRow & { readonly used_at: Date | null }>(
    `select ${COLUMNS}, (select q.at from access.quota q where q.credential = token.id) as used_at
       from access.token
      where $1::text is null or owner = $1 or $1 = any (makers)
      order by created_at desc, id limit ${SHOWN}`,
    [of ?? null],
  );
  return rows.map((row) => ({
    ...tokenFrom(row),
    ...(row.used_at !== null && { usedAt: row.used_at.getTime() }),
  }));
}
