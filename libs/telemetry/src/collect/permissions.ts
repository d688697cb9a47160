import { PARK_REASONS } from '@kyoka/contracts';
import type { Clock } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { clear, set } from '../metrics/registry.js';

/**
 * Fills what the context `permissions` knows of its queues. Each is found by the index that serves
 * its own reader, so the cost follows what waits.
 *
 * @param relayed whether somebody publishes the outbox; where nobody does, no message waits in it
 */
export const collectPermissions =
  (db: Queryable, clock: Clock, relayed: boolean) => async (): Promise<void> => {
    set('kyoka_database_up', { context: 'permissions' }, 0);
    const now = new Date(clock());
    const [ages] = await db.query<{ parked: number; outbox: number; stops: number }>(
      `select
         coalesce(extract(epoch from $1::timestamptz - (select min(arrived_at) from intake.parked where state = 'parked')), 0)::float as parked,
         coalesce(extract(epoch from $1::timestamptz - (select created_at from permissions.outbox order by id limit 1)), 0)::float as outbox,
         coalesce(extract(epoch from $1::timestamptz - (select min(committed_at) from permissions.stop_act where fanned_out_at is null)), 0)::float as stops`,
      [now],
    );
    const { parked, outbox, stops } = ages as { parked: number; outbox: number; stops: number };
    set('kyoka_parked_oldest_seconds', {}, Math.max(0, parked));
    set(
      'kyoka_outbox_oldest_seconds',
      { context: 'permissions' },
      relayed ? Math.max(0, outbox) : 0,
    );
    set('kyoka_stop_waiting_seconds', {}, Math.max(0, stops));
    const waiting = await db.query<{ reason: string; stop: boolean; count: number }>(
      `select reason, stop, count(*)::integer as count from intake.parked where state = 'parked' group by reason, stop`,
    );
    clear('kyoka_parked');
    for (const reason of Object.keys(PARK_REASONS)) {
      for (const stop of ['yes', 'no']) set('kyoka_parked', { reason, stop }, 0);
    }
    for (const { reason, stop, count } of waiting) {
      set('kyoka_parked', { reason, stop: stop ? 'yes' : 'no' }, count);
    }
    await collectPublishers(db, now);
    set('kyoka_database_up', { context: 'permissions' }, 1);
  };

/** A publisher whose last key ends soon falls silent then: its events would be parked. */
async function collectPublishers(db: Queryable, now: Date): Promise<void> {
  const [ending] = await db.query<{ week: number; month: number }>(
    `select count(*) filter (where ends <= $1::timestamptz + interval '7 days')::integer as week,
       count(*)::integer as month
     from (
       select least(max(k.ends_at), p.valid_until) as ends from intake.publisher p
       join intake.publisher_key k on k.publisher_id = p.id
       where p.revoked_at is null group by p.id
     ) last where ends between $1 and $1::timestamptz + interval '30 days'`,
    [now],
  );
  set('kyoka_publishers_ending', { within: '7d' }, ending?.week ?? 0);
  set('kyoka_publishers_ending', { within: '30d' }, ending?.month ?? 0);
}
