import type { Queryable } from '@kyoka/postgres';
import { countParked } from '@kyoka/intake';
import { PAGE_SOURCE } from '@kyoka/person';
import { API_SOURCE } from '../services/request-event.js';
import { type Figure, readFigure } from './figures.js';
import type { EventsSummary } from './summary.js';

export const EVENTS: Figure<{ readonly accepted: number; readonly made: number }> = {
  context: 'permissions',
  name: 'events',
  count: async (db) => {
    const [row] = await db.query<{ accepted: number; made: number }>(
      `select count(*)::integer as accepted,
       count(*) filter (where ce_source = any ($1))::integer as made
     from intake.event where outcome = 'accepted'`,
      [[API_SOURCE, PAGE_SOURCE]],
    );
    return { accepted: row?.accepted ?? 0, made: row?.made ?? 0 };
  },
};

/** @param told how many events were answered as duplicate, skipped and refused, where somebody counted */
export async function readEvents(
  db: Queryable,
  told: Pick<EventsSummary, 'duplicate' | 'skipped' | 'refused'>,
): Promise<EventsSummary> {
  const counted = await readFigure(db, EVENTS);
  const parked = (await countParked(db)).map(({ count, ...rest }) => ({ ...rest, events: count }));
  return {
    ...counted,
    ...told,
    parked: parked.sort((a, b) => b.events - a.events || (a.reason < b.reason ? -1 : 1)),
  };
}
