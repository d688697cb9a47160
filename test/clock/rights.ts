import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';

/** A token as the service keeps it; nobody knows its secret. */
export async function giveToken(
  pool: Pool,
  owner: string,
  {
    from,
    to,
    scopes = ['audiences:run'],
    roles = [],
  }: { from: Instant; to: Instant; scopes?: string[]; roles?: string[] },
): Promise<string> {
  const id = randomUUID();
  await queryable(pool).query(
    `insert into access.token (id, hash, name, owner, roles, scopes, makers, starts_at, ends_at, created_at)
     values ($1, $2, 'test', $3, $7, $4, '{}', $5, $6, $5)`,
    [id, Buffer.from(id), owner, scopes, formatInstant(from), formatInstant(to), roles],
  );
  return id;
}

/** Takes every role and right from a person of the identity provider, or gives some. */
export const standAs = (
  pool: Pool,
  owner: string,
  { roles, at, until }: { roles: string[]; at: Instant; until: Instant },
) =>
  queryable(pool).query(
    `insert into access.person (owner, roles, scopes, seen_at, stands_until)
     values ($1, $2, '{audiences:run}', $3, $4)
     on conflict (owner) do update set roles = excluded.roles`,
    [owner, roles, formatInstant(at), formatInstant(until)],
  );

export const revoke = (pool: Pool, token: string, at: Instant) =>
  queryable(pool).query('update access.token set revoked_at = $2 where id = $1', [
    token,
    formatInstant(at),
  ]);
