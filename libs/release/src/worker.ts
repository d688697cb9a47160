import { isKyokaError } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { buildNextChunk } from './build.js';
import { endWhatIsOver } from './endings.js';
import { pollJobs } from './jobs.js';
import { Loop } from './loop.js';
import type { ReleaseContext } from './ports.js';
import { advanceRemovals, sendRemovals } from './removals.js';
import { recoverAttempts, sendNextBatches } from './sending.js';
import { followStops, sweep } from './stops.js';
import { settleRuns } from './tables/run-table.js';

/**
 * Does everything that audiences owe: follows stops, sends removals until they are confirmed, builds
 * and sends runs, asks networks about jobs, ends what is over. All state is in the database, so a
 * worker may die at any moment, and several may run at once.
 *
 * Removals have a loop of their own, so that no upload and no slow network makes them wait.
 */
export class Worker {
  readonly #loops: readonly Loop[];

  constructor(context: ReleaseContext) {
    const loop = (step: () => Promise<boolean>): Loop =>
      new Loop(step, context.settings.idleMs, (fault) =>
        context.log('worker_step_failed', { code: isKyokaError(fault) ? fault.code : 'internal' }),
      );
    this.#loops = [
      loop(() => followStops(context)),
      loop(() => doRemovals(context)),
      loop(() =>
        inTurn(
          () => recoverAttempts(context),
          () => pollJobs(context),
        ),
      ),
      loop(() =>
        inTurn(
          () => buildNextChunk(context),
          () => endWhatIsOver(context),
          () => sweep(context),
        ),
      ),
      loop(() =>
        inTurn(
          () => sendNextBatches(context),
          () => settle(context),
        ),
      ),
    ];
  }

  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** A stop has committed, or something was asked for: look now. */
  wake(): void {
    for (const loop of this.#loops) loop.wake();
  }

  /** Lets each loop finish the step it is in. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }
}

async function doRemovals(context: ReleaseContext): Promise<boolean> {
  const { found, toSend } = await advanceRemovals(context);
  await sendRemovals(context, toSend);
  return found > 0;
}

async function settle(context: ReleaseContext): Promise<boolean> {
  await settleRuns(queryable(context.pool), context.clock());
  return false;
}

async function inTurn(...steps: readonly (() => Promise<boolean>)[]): Promise<boolean> {
  let worked = false;
  for (const step of steps) worked = (await step()) || worked;
  return worked;
}
