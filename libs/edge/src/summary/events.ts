import type { Queryable } from '@kyoka/postgres';
import { countParked } from '@kyoka/intake';
import type { EventsSummary } from './summary.js';

/** @param told how many events were answered as duplicate, skipped and refused, where somebody counted */
export async function readEvents(
  db: Queryable,
  told: Pick<EventsSummary, 'duplicate' | 'skipped' | 'refused'>,
): Promise<EventsSummary> {
  const [row] = await db.query<{ accepted: number }>(
    `select count(*)::integer as accepted from intake.event where outcome = 'accepted'`,
  );
  const parked = (await countParked(db)).map(({ count, ...rest }) => ({ ...rest, events: count }));
  return {
    accepted: row?.accepted ?? 0,
    ...told,
    parked: parked.sort((a, b) => b.events - a.events || (a.reason < b.reason ? -1 : 1)),
  };
}
