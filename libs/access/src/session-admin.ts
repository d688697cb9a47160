import { type Clock, type Instant, KyokaError, MINUTE } from '@kyoka/kernel';
import { inTransaction, type Pool, queryable } from '@kyoka/postgres';
import { recordAct } from './acts.js';
import type { Identity } from './identity.js';
import {
  endSession,
  findStandingSession,
  listSessions,
  type ListedSession,
} from './tables/session-table.js';

export interface SessionAdmin {
  /** The sessions that stand, the newest first: everybody's with `tokens:write`, else the caller's own. */
  list(caller: Identity): Promise<ListedSession[]>;
  /**
   * Ends a session at once and everywhere.
   *
   * @throws KyokaError `not_found`, also for one that the caller may not see
   */
  end(id: string, caller: Identity): Promise<void>;
}

/** @param pool under the role `kyoka_permissions` */
export function sessionAdmin(
  pool: Pool,
  { clock, terms }: { readonly clock: Clock; readonly terms: { readonly idleMinutes: number } },
): SessionAdmin {
  const standingAt = (at: Instant) => ({ at, seenAfter: at - terms.idleMinutes * MINUTE });
  return {
    list: (caller) => listSessions(queryable(pool), seenBy(caller), standingAt(clock())),
    end: (id, caller) =>
      inTransaction(pool, async (tx) => {
        const at = clock();
        const session = await findStandingSession(tx, id, standingAt(at));
        const of = seenBy(caller);
        if (session === undefined || (of !== undefined && session.owner !== of))
          throw new KyokaError('not_found', 'There is no such session');
        if (!(await endSession(tx, id, at))) return;
        const detail = { owner: session.owner };
        await recordAct(tx, { by: caller, act: 'signed.out', target: id, at, detail });
      }),
  };
}

/** Whose sessions a caller sees; `undefined` for everybody's. */
const seenBy = ({ owner, scopes }: Identity): string | undefined =>
  scopes.has('tokens:write') ? undefined : owner;
