import { randomUUID } from 'node:crypto';
import type { DueTask } from '@kyoka/clock';
import { cadenceMs, turnAfter } from '@kyoka/audience';
import { formatInstant, type Instant } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { connectorOf } from './connector-of.js';
import type { ReleaseContext } from './ports.js';
import { mayRun } from './rights.js';
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
  return {
    name: 'audiences.runs',
    async run(at) {
      const due = await audiencesToRun(queryable(pool), at, AT_ONCE);
      for (const id of due) await inTransaction(pool, (tx) => runOne(tx, context, id, at));
      return due.length;
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
  const refusal = await refusalOf(tx, context, audience, at);
  if (refusal === undefined) {
    const run = {
      id: randomUUID(),
      audienceId: id,
      idempotencyKey: `scheduled ${formatInstant(audience.nextRunAt)}`,
      actor: audience.owner,
      at,
      scheduled: true,
    };
    if (await insertRun(tx, run)) await setActingUser(tx, id, audience.owner, null);
  } else if (refusal !== audience.runRefusal?.code) {
    context.log('run_refused', { audience: id, code: refusal });
  }
  await setNextRun(tx, id, { next: turnAfter(audience.nextRunAt, everyMs, at), refusal, at });
}

async function refusalOf(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  at: Instant,
): Promise<RunRefusal | undefined> {
  if (!audience.users.includes(audience.owner)) return 'owner_not_named';
  if (!(await mayRun(tx, audience.owner, at))) return 'owner_without_right';
  const elsewhere = audience.list !== undefined && connectorOf(context, audience) === undefined;
  return elsewhere ? 'list_elsewhere' : undefined;
}
