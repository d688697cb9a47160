import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';

/**
 * Ends an audience unless it has ended. Its members leave in the worker's next rounds.
 *
 * @returns whether it ended now
 */
export async function markEnded(
  db: Queryable,
  id: string,
  by: string,
  at: Instant,
): Promise<boolean> {
  const rows = await db.query(
    `update audiences.audience set ended_at = $3, ended_by = $2
     where id in (select id from audiences.audience where id = $1 and ended_at is null for update) returning id`,
    [id, by, stamp(at)],
  );
  return rows.length > 0;
}

export interface AudienceEnd {
  /** A user, or `period`. */
  readonly endedBy: string;
  readonly endedAt: Instant;
}

export async function endOf(db: Queryable, id: string): Promise<AudienceEnd | undefined> {
  const [row] = await db.query<{ ended_by: string; ended_at: Date }>(
    'select ended_by, ended_at from audiences.audience where id = $1 and ended_at is not null',
    [id],
  );
  return row && { endedBy: row.ended_by, endedAt: row.ended_at.getTime() };
}

/** Ends every audience whose period is over. */
export async function endOverdueAudiences(db: Queryable, now: Instant): Promise<number> {
  const rows = await db.query(
    `update audiences.audience set ended_at = $1, ended_by = 'period'
     where id in (select id from audiences.audience where ended_at is null and ends_at < $1 order by id for update)
     returning id`,
    [stamp(now)],
  );
  return rows.length;
}

/** Ended audiences that may still have members to take out. */
export async function audiencesToEmpty(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from audiences.audience where ended_at is not null and emptied_at is null order by id',
  );
  return rows.map((row) => row.id);
}

export async function markEmptied(tx: Queryable, id: string, at: Instant): Promise<void> {
  await tx.query('update audiences.audience set emptied_at = $2 where id = $1', [id, stamp(at)]);
}
