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
import type { RemovalShare } from './tables/removal-table.js';
import { settleRuns } from './tables/run-table.js';
import { anyRun } from './tables/waiting.js';

const STOPS = 'stops';
const REMOVALS = 'removals ';

type Step = (context: ReleaseContext) => Promise<boolean>;

/**
 * One round of each kind of work, by name; each tells whether it found something to do. Removals
 * have a round of their own for each network, so that neither an upload nor another network that is
 * slow makes them wait, and so have the stops that ask for them.
 */
export function workerSteps(
  context: ReleaseContext,
): Readonly<Record<string, () => Promise<boolean>>> {
  const networks = [...context.connectors.keys()];
  const shares: [string, RemovalShare][] = [
    ...networks.map((name): [string, RemovalShare] => [name, { networks: [name], others: false }]),
    ['others', { networks, others: true }],
  ];
  return Object.fromEntries([
    [STOPS, round(context, [followStops])],
    ...shares.map(([name, share]) => [
      `${REMOVALS}${name}`,
      round(context, [(of) => doRemovals(of, share)]),
    ]),
    ['reports', round(context, [recoverAttempts, pollJobs])],
    ['building', round(context, [buildNextChunk, endWhatIsOver, followContacts, sweep])],
    ['sending', round(context, [sendNextBatches, settle])],
  ]);
}

/** A step that fails keeps no other of its round from its turn; the first fault is thrown after them. */
const round = (context: ReleaseContext, steps: readonly Step[]) => async () => {
  let worked = false;
  const faults: unknown[] = [];
  for (const step of steps) {
    try {
      worked = (await step(context)) || worked;
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw faults[0];
  return worked;
};

/**
 * Does everything that audiences owe: follows stops, sends removals until they are confirmed, builds
 * and sends runs, asks networks about jobs, ends what is over. All state is in the database, so a
 * worker may die at any moment, and several may run at once.
 */
export class Worker {
  readonly #loops: ReadonlyMap<string, Loop>;

  constructor(context: ReleaseContext) {
    this.#loops = new Map(
      Object.entries(workerSteps(context)).map(([name, step]) => [
        name,
        new Loop(
          async () => {
            const worked = await step();
            if (worked) this.#wakeAfter(name);
            return worked;
          },
          context.settings.idleMs,
          (fault) =>
            context.log('worker_step_failed', {
              code: isKyokaError(fault) ? fault.code : 'internal',
            }),
        ),
      ]),
    );
  }

  start(): void {
    for (const loop of this.#loops.values()) loop.start();
  }

  /** A stop has committed: follow it now. */
  wake(): void {
    this.#loops.get(STOPS)?.wake();
  }

  /** Lets each loop finish the step it is in. */
  async stop(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
  }

  /**
   * What one kind of work did is often what another waits for, such as a job's end. What follows from
   * a stop is removals alone: with stops streaming in, everything else would look around for each.
   */
  #wakeAfter(worked: string): void {
    for (const [name, loop] of this.#loops) {
      if (worked !== STOPS || name.startsWith(REMOVALS)) loop.wake();
    }
  }
}

async function doRemovals(context: ReleaseContext, share: RemovalShare): Promise<boolean> {
  const { found, toSend } = await advanceRemovals(context, share);
  await sendRemovals(context, toSend);
  return found > 0;
}

async function settle(context: ReleaseContext): Promise<boolean> {
  const db = queryable(context.pool);
  if (await anyRun(db, 'sending', 'settling')) await settleRuns(db, context.clock());
  return false;
}
