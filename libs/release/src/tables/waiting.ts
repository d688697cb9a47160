import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';
import type { RemovalShare } from './removal-table.js';

/**
 * Whether there is something to begin a transaction for. A worker looks many times a second for each
 * kind of work and finds nothing most times; what it misses here is there at its next look.
 */
async function anyOf(db: Queryable, sql: string, parameters: readonly unknown[]): Promise<boolean> {
  const [row] = await db.query<{ any: boolean }>(`select exists (${sql}) as any`, parameters);
  return row?.any === true;
}

export const anyRemovalDue = (
  db: Queryable,
  { networks, others }: RemovalShare,
  now: Instant,
): Promise<boolean> =>
  anyOf(
    db,
    `select from audiences.audience a join audiences.recipient p on p.id = a.recipient_id
     where (coalesce(p.network, '') = any ($2::text[])) <> $3
       and exists (select from audiences.removal r
         where r.audience_id = a.id and r.state <> 'confirmed' and r.due_at <= $1)`,
    [stamp(now), networks, others],
  );

export const anyRun = (db: Queryable, ...states: readonly string[]): Promise<boolean> =>
  anyOf(
    db,
    `select from audiences.run where state in ('building', 'sending', 'settling') and state = any ($1::text[])`,
    [states],
  );

export const anyLeaseLapsed = (db: Queryable, now: Instant): Promise<boolean> =>
  anyOf(db, `select from audiences.member where state = 'held' and lease_until <= $1`, [
    stamp(now),
  ]);
