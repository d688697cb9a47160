import type { Queryable } from '@kyoka/postgres';
import { takeBarrier } from '@kyoka/permission-store';
import type { GateGuard, ReachOf } from './ports.js';

/**
 * The barrier between releases and stops. The mark is the oldest transaction that a snapshot taken
 * now can't have seen end: every stop that a later read of this transaction may have missed carries
 * that number or a higher one, whatever its clock says and however long it takes to commit.
 */
export function barrierGuard(reachOf: ReachOf): GateGuard {
  return {
    async mark(tx) {
      const [row] = await tx.query<{ mark: string }>(
        'select pg_snapshot_xmin(pg_current_snapshot())::text as mark',
      );
      return row?.mark ?? '0';
    },
    close: (tx) => takeBarrier(tx, 'shared'),
    async narrowed(tx, mark, subjectIds) {
      return (await switchedOrFrozen(tx, mark)) || reachedSince(tx, mark, subjectIds, reachOf);
    },
  };
}

async function switchedOrFrozen(tx: Queryable, mark: string): Promise<boolean> {
  const [row] = await tx.query<{ narrowed: boolean }>(
    `select exists (select from permissions.v_freeze where tx >= $1::xid8)
         or exists (select from audiences.switch_act where tx >= $1::xid8 and act = 'off') as narrowed`,
    [mark],
  );
  return row?.narrowed === true;
}

async function reachedSince(
  tx: Queryable,
  mark: string,
  subjectIds: readonly string[],
  reachOf: ReachOf,
): Promise<boolean> {
  const acts = await tx.query<{ id: string }>(
    'select id from permissions.v_stop_act where tx >= $1::xid8',
    [mark],
  );
  if (acts.length === 0) return false;
  const reach = await reachOf(
    tx,
    acts.map((act) => act.id),
  );
  const asked = new Set(subjectIds);
  return [...reach.values()].some((subjects) => subjects.some((subject) => asked.has(subject)));
}
