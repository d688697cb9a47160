import { holdCredential, recordAct } from '@kyoka/access';
import { PARKED_LIMIT, PARKED_SHOWN } from '@kyoka/contracts';
import { formatInstant, KyokaError } from '@kyoka/kernel';
import {
  countParked,
  expiredAmong,
  type IntakePorts,
  markDismissed,
  replayParked,
  showParked,
  waitingParked,
} from '@kyoka/intake';
import { inTransaction, queryable } from '@kyoka/postgres';
import type { ParkedPort } from '../ports.js';

/** Parked events: what waits, its replay, and what is closed without one. */
export function parkedService(ports: IntakePorts): ParkedPort {
  const db = queryable(ports.pool);
  return {
    async list({ limit = PARKED_SHOWN, ...filter }) {
      const waiting = await countParked(db);
      const shown = await showParked(db, { ...filter, limit });
      return {
        waiting: waiting.map(({ reason, count, stops }) => ({
          reason,
          events: count,
          stopsWithoutEffect: stops,
        })),
        oldest: shown.map(({ type, publisherId, arrivedAt, faults, ...row }) => ({
          ...row,
          faults: [...faults],
          ...(isOurs(type) && { type }),
          ...(publisherId !== null && { publisher: publisherId }),
          arrivedAt: formatInstant(arrivedAt),
        })),
        ...nextOf(
          shown.map(({ id }) => id),
          limit,
        ),
      };
    },
    async replay({ limit = PARKED_LIMIT, ids, acceptUnauthenticated = false, ...filter }, caller) {
      const chosen = await waitingParked(db, { ...filter, ids, limit });
      const replayed = await replayParked(ports, {
        ids: chosen,
        limit,
        acceptUnauthenticated,
        actor: caller.owner,
        entitled: (tx) => holdCredential(tx, caller),
        record: (tx, { parked, outcome }) =>
          recordAct(tx, {
            by: caller,
            act: outcome === 'admitted' ? 'parked.admitted' : 'parked.replayed',
            target: parked,
            at: ports.clock(),
          }),
      });
      return {
        expired: ids === undefined ? [] : await expiredAmong(db, ids),
        replayed: replayed.map(({ id, answer: { outcome, reason: why, faults = [] } }) => ({
          id,
          answer: {
            outcome,
            ...(why && { reason: why }),
            ...(faults.length > 0 && { faults: [...faults] }),
          },
        })),
        ...(ids === undefined && nextOf(chosen, limit)),
      };
    },
    dismiss(id, reason, by) {
      const { owner } = by;
      return inTransaction(ports.pool, async (tx) => {
        await holdCredential(tx, by);
        const at = ports.clock();
        if (!(await markDismissed(tx, id, { actor: owner, at, reason }))) {
          throw new KyokaError('not_found', 'Nothing parked waits under this id');
        }
        await recordAct(tx, { by, act: 'parked.dismissed', target: id, at });
        return { id, state: 'dismissed', dismissedBy: owner };
      });
    },
  };
}

/** Where to go on, if there may be more. */
function nextOf(page: readonly string[], limit: number): { next?: string } {
  const next = page.at(-1);
  return next !== undefined && page.length === limit ? { next } : {};
}

/** A type of somebody who wasn't authenticated may be any text. */
const isOurs = (type: string | null): type is string =>
  /^jp\.kyoka\.[a-z.]{1,60}\.v\d{1,3}$/.test(type ?? '');
