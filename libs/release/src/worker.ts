import { isKyokaError } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { buildNextChunk } from './build.js';
import { endWhatIsOver } from './endings.js';
import { pollJobs } from './jobs.js';
import { Loop } from './loop.js';
import type { ReleaseContext } from './ports.js';
import { advanceRemovals, sendRemovals } from './removals.js';
import { recoverAttempts, sendNextBatches } from './sending.js';
import { followContacts, followStops, sweep } from './stops.js';
import { settleRuns } from './tables/run-table.js';

/** One round of each kind of work, and whether it found something to do. */
export type WorkerSteps = Readonly<Record<keyof typeof LOOPS, () => Promise<boolean>>>;

type Step = (context: ReleaseContext) => Promise<boolean>;

/**
 * Removals have a loop of their own, so that no upload and no slow network makes them wait, and so
 * have the stops that ask for them.
 */
const LOOPS = {
  stops: [followStops],
  removals: [doRemovals],
  reports: [recoverAttempts, pollJobs],
  building: [buildNextChunk, endWhatIsOver, followContacts, sweep],
  sending: [sendNextBatches, settle],
} as const satisfies Record<string, readonly Step[]>;

/** The rounds that a `Worker` repeats, for who wants to time them. */
export function workerSteps(context: ReleaseContext): WorkerSteps {
  const round = (steps: readonly Step[]) => async () => {
    let worked = false;
    for (const step of steps) worked = (await step(context)) || worked;
    return worked;
  };
  return {
    stops: round(LOOPS.stops),
    removals: round(LOOPS.removals),
    reports: round(LOOPS.reports),
    building: round(LOOPS.building),
    sending: round(LOOPS.sending),
  };
}

/**
 * Does everything that audiences owe: follows stops, sends removals until they are confirmed, builds
 * and sends runs, asks networks about jobs, ends what is over. All state is in the database, so a
 * worker may die at any moment, and several may run at once.
 */
export class Worker {
  readonly #loops: readonly Loop[];

  constructor(context: ReleaseContext) {
    this.#loops = Object.values(workerSteps(context)).map(
      (step) =>
        new Loop(step, context.settings.idleMs, (fault) =>
          context.log('worker_step_failed', {
            code: isKyokaError(fault) ? fault.code : 'internal',
          }),
        ),
    );
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
