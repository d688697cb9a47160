import type { Queryable } from '@kyoka/postgres';

/** How many events the inbox holds, by outcome. */
export async function inboxCounts(db: Queryable): Promise<Record<string, number>> {
  return counts(db, 'select outcome as what, count(*)::int as n from intake.event group by 1');
}

/** How many originals are parked, by reason. */
export async function parkedCounts(db: Queryable): Promise<Record<string, number>> {
  return counts(db, 'select reason as what, count(*)::int as n from intake.parked group by 1');
}

async function counts(db: Queryable, sql: string): Promise<Record<string, number>> {
  const rows = await db.query<{ what: string; n: number }>(sql);
  return Object.fromEntries(rows.map(({ what, n }) => [what, n]));
}
