import { randomUUID } from 'node:crypto';
import { formatInstant, type Instant } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';

/** A token as the service keeps it; nobody knows its secret. */
export async function giveToken(
  pool: Pool,
  owner: string,
  { from, to, scopes = ['audiences:run'] }: { from: Instant; to: Instant; scopes?: string[] },
): Promise<string> {
  const id = randomUUID();
  await queryable(pool).query(
    `insert into access.token (id, hash, name, owner, roles, scopes, makers, starts_at, ends_at, created_at)
     values ($1, $2, 'test', $3, '{}', $4, '{}', $5, $6, $5)`,
    [id, Buffer.from(id), owner, scopes, formatInstant(from), formatInstant(to)],
  );
  return id;
}

export const revoke = (pool: Pool, token: string, at: Instant) =>
  queryable(pool).query('update access.token set revoked_at = $2 where id = $1', [
    token,
    formatInstant(at),
  ]);
