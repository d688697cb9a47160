import type { Clock } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { clear, set } from '../metrics/registry.js';

/**
 * Fills what the context `audiences` knows: open removals, open runs, its outbox.
 *
 * @param relayed whether somebody publishes the outbox
 */
export const collectAudiences =
  (db: Queryable, clock: Clock, relayed: boolean) => async (): Promise<void> => {
    set('kyoka_database_up', { context: 'audiences' }, 0);
    const now = new Date(clock());
    const [ages] = await db.query<{ outbox: number; run: number }>(
      `select
         coalesce(extract(epoch from $1::timestamptz - (select created_at from audiences.outbox order by id limit 1)), 0)::float as outbox,
         coalesce(extract(epoch from $1::timestamptz - (select min(started_at) from audiences.run where state in ('building', 'sending'))), 0)::float as run`,
      [now],
    );
    const { outbox, run } = ages as { outbox: number; run: number };
    set('kyoka_outbox_oldest_seconds', { context: 'audiences' }, relayed ? Math.max(0, outbox) : 0);
    set('kyoka_run_oldest_seconds', {}, Math.max(0, run));
    const runs = await db.query<{ state: string; count: number }>(
      `select state, count(*)::integer as count from audiences.run
       where state in ('building', 'sending', 'settling') group by state`,
    );
    clear('kyoka_runs');
    for (const state of ['building', 'sending', 'settling']) set('kyoka_runs', { state }, 0);
    for (const { state, count } of runs) set('kyoka_runs', { state }, count);
    const removals = await db.query<{ network: string; state: string; count: number }>(
      `select coalesce(r.network, 'none') as network, o.state, sum(o.count)::integer as count
       from (select audience_id, state, count(*) as count from audiences.removal where state <> 'confirmed' group by 1, 2) o
       join audiences.audience a on a.id = o.audience_id
       join audiences.recipient r on r.id = a.recipient_id
       group by 1, 2
     union all
     select network, state, 0 from (select distinct network from audiences.recipient
         union select 'none') n,
       unnest('{requested,unconfirmed,overdue}'::text[]) state where network is not null
     order by count`,
    );
    clear('kyoka_removals');
    for (const { network, state, count } of removals) {
      set('kyoka_removals', { network, state }, count);
    }
    set('kyoka_database_up', { context: 'audiences' }, 1);
  };
