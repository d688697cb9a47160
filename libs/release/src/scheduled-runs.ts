import { randomUUID } from 'node:crypto';
import type { DueTask } from '@kyoka/clock';
import { cadenceMs, turnAfter } from '@kyoka/audience';
import { formatInstant, type Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { apartOf } from './apart-of.js';
import { connectorOf } from './connector-of.js';
import type { ReleaseContext } from './ports.js';
import { rightToRun } from './rights.js';
import { type Audience, holdAudience, setActingUser } from './tables/audience-table.js';
import { insertRun } from './tables/run-table.js';
import {
  audiencesToRun,
  nextRunDue,
  type RunRefusal,
  setNextRun,
} from './tables/schedule-table.js';

const AT_ONCE = 20;

/**
 * Runs audiences by their cadence, for their owner, as if the owner had asked. One that is due more
 * than once after a stop of the service runs once; one whose last run is still active is left out
 * this time. Where the owner may not run it any more, that stands with the audience until they may.
 */
export function scheduledRuns(context: ReleaseContext): DueTask {
  const { pool } = context;
  const name = 'audiences.runs';
  const apart = apartOf(context, name, 'audience');
  return {
    name,
    async run(at) {
      const due = await audiencesToRun(queryable(pool), at, {
        limit: AT_ONCE,
        except: apart.at(at),
      });
      let taken = 0;
      for (const id of due) {
        taken += await apart.together([id], at, () =>
          inTransaction(pool, (tx) => runOne(tx, context, id, at)),
        );
      }
      return taken;
    },
    next: () => nextRunDue(queryable(pool)),
  };
}

async function runOne(
  tx: Queryable,
  context: ReleaseContext,
  id: string,
  at: Instant,
): Promise<void> {
  const audience = await holdAudience(tx, id);
  const everyMs = audience?.cadence === undefined ? undefined : cadenceMs(audience.cadence);
  if (audience?.nextRunAt === undefined || everyMs === undefined) return;
  const turn = await turnOf(tx, context, audience, at);
  if (turn.as !== undefined) {
    const run = {
      id: randomUUID(),
      audienceId: id,
      idempotencyKey: `scheduled ${formatInstant(audience.nextRunAt)}`,
      actor: audience.owner,
      at,
      scheduled: true,
    };
    if (await insertRun(tx, run))
      await setActingUser(tx, id, { user: audience.owner, as: turn.as });
  } else if (turn.refusal !== audience.runRefusal?.code) {
    context.log('run_refused', { audience: id, code: turn.refusal });
  }
  const refusal = turn.as === undefined ? turn.refusal : undefined;
  await setNextRun(tx, id, { next: turnAfter(audience.nextRunAt, everyMs, at), refusal, at });
}

/** As whom the owner takes this turn, or why not. */
type Turn = { readonly as: string } | { readonly as: undefined; readonly refusal: RunRefusal };

async function turnOf(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  at: Instant,
): Promise<Turn> {
  const right = await rightToRun(tx, audience.users, audience.owner, at);
  if (right.as === undefined) return right;
  const elsewhere = audience.list !== undefined && connectorOf(context, audience) === undefined;
  return elsewhere ? { as: undefined, refusal: 'list_elsewhere' } : right;
}
