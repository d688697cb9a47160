import type { Scope } from '@kyoka/contracts';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** What a person may hand on: what the last sign-in told, until it has to be told again. */
export interface Standing {
  readonly owner: string;
  readonly roles: readonly string[];
  readonly scopes: readonly Scope[];
  readonly standsUntil: Instant;
}

export async function findStanding(db: Queryable, owner: string): Promise<Standing | undefined> {
  const [row] = await db.query<{ roles: string[]; scopes: Scope[]; stands_until: Date }>(
    'select roles, scopes, stands_until from access.person where owner = $1',
    [owner],
  );
  return (
    row && { owner, roles: row.roles, scopes: row.scopes, standsUntil: row.stands_until.getTime() }
  );
}

export async function putStanding(
  tx: Queryable,
  { owner, roles, scopes, standsUntil }: Standing,
  at: Instant,
): Promise<void> {
  await tx.query(
    `insert into access.person (owner, roles, scopes, seen_at, stands_until) values ($1, $2, $3, $4, $5)
     on conflict (owner) do update set roles = excluded.roles, scopes = excluded.scopes,
       seen_at = excluded.seen_at, stands_until = excluded.stands_until`,
    [owner, [...roles], [...scopes], formatInstant(at), formatInstant(standsUntil)],
  );
}

/** Nothing can be handed on by this person from `at` on. */
export async function endStanding(tx: Queryable, owner: string, at: Instant): Promise<void> {
  await tx.query(
    `update access.person set roles = '{}', scopes = '{}', stands_until = least(stands_until, $2)
      where owner = $1`,
    [owner, formatInstant(at)],
  );
}
