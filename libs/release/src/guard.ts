import type { Queryable } from '@kyoka/postgres';
import { takeBarrier } from '@kyoka/permission-store';
import type { GateGuard, ReachOf } from './ports.js';

/** Written by a transaction that the snapshot of the mark can't have seen end; the first term is for the index. */
const SINCE = `tx >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::pg_snapshot)`;

/**
 * The barrier between releases and stops. The mark is the snapshot before the decision's first read:
 * whatever it shows, every later read of the transaction shows too. What it doesn't show is looked
 * at again behind the barrier, whatever its clock says and however long it took to commit.
 */
export function barrierGuard(reachOf: ReachOf): GateGuard {
  return {
    async mark(tx) {
      const [row] = await tx.query<{ mark: string }>('select pg_current_snapshot()::text as mark');
      return (row as { mark: string }).mark;
    },
    close: (tx) => takeBarrier(tx, 'shared'),
    async narrowed(tx, mark, subjectIds) {
      return (await switchedOrFrozen(tx, mark)) || reachedSince(tx, mark, subjectIds, reachOf);
    },
  };
}

async function switchedOrFrozen(tx: Queryable, mark: string): Promise<boolean> {
  const [row] = await tx.query<{ narrowed: boolean }>(
    `select exists (select from permissions.v_freeze where ${SINCE})
         or exists (select from audiences.switch_act where ${SINCE} and act = 'off') as narrowed`,
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
    `select id from permissions.v_stop_act where ${SINCE}`,
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
