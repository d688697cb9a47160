import { formatInstant } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';
import { readSuspensions } from '../services/suspensions.js';
import { ERASURES } from './erasures.js';
import { type Figure, readFigure } from './figures.js';
import type { StopsSummary } from './summary.js';

export const ACTS: Figure<StopsSummary['acts']> = {
  context: 'permissions',
  name: 'stops',
  count: (db) =>
    db.query(
      `select kind, count(*)::integer as acts from permissions.v_stop_act
        group by kind order by acts desc, kind`,
    ),
};

/** How many suspensions are told step by step. */
const TOLD = 5;

export async function readStopsSummary(pools: {
  readonly permissions: Pool;
  readonly audiences: Pool;
}): Promise<StopsSummary> {
  const acts = await readFigure(queryable(pools.permissions), ACTS);
  const rows = await queryable(pools.audiences).query<{ id: string; arrived_at: Date }>(
    `select s.id, s.arrived_at from permissions.v_stop_act s
      where s.kind in ('suspension', 'erasure')
        and exists (select from audiences.removal_stop l where l.stop_act_id = s.id)
      order by s.committed_at desc, s.id limit ${TOLD}`,
  );
  const arrived = new Map(rows.map((row) => [row.id, formatInstant(row.arrived_at.getTime())]));
  const suspensions = await readSuspensions(pools, [...arrived.keys()]);
  suspensions.sort((a, b) => (a.barrierAt < b.barrierAt ? 1 : -1));
  return {
    acts,
    erasures: await readFigure(queryable(pools.permissions), ERASURES),
    undone: suspensions.map((suspension) => ({
      ...suspension,
      arrivedAt: arrived.get(suspension.id) ?? suspension.barrierAt,
    })),
  };
}
