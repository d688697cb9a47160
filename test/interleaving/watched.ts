import type { Connector } from '@kyoka/connector-kit';
import type { ReleaseContext } from '@kyoka/release';
import { type Company, rest } from '../release/harness/index.js';
import type { RoundPlan } from './plan.js';
import type { Schedule } from './schedule.js';

/** Called when a connector or the sandbox reads its clock. */
export interface Ticks {
  connector: () => void;
  sandbox: () => void;
}

/** A worker that releases, seen from outside at every point where a stop may fall. */
export interface WatchedReleases {
  /** Releases what there is to release, until nothing is left or the sender is gone. */
  comeBy(): Promise<void>;
  /** Lets a sender that stalled go on, and waits for its report. */
  wakeStalled(): Promise<void>;
}

/** Puts a plan's points, and the fate of its first sender, around the real parts of a company. */
export function watchReleases(
  company: Company,
  base: ReleaseContext,
  ticks: Ticks,
  plan: RoundPlan,
  schedule: Schedule,
): WatchedReleases {
  const { guard, decide } = base;
  const gone = Promise.withResolvers<void>();
  const awake = Promise.withResolvers<void>();
  let deciding: 'build has decided' | 'gate has decided' = 'build has decided';
  let writing = 0;
  let first = true;
  let left: Promise<void> = Promise.resolve();

  ticks.connector = () => {
    if (writing === 0) return;
    schedule.passing(writing === 1 ? 'first byte is due' : 'body is half written');
    writing += 1;
  };
  ticks.sandbox = () => {
    if (writing > 0) schedule.passing('network has taken it');
  };

  const send = (connector: Connector): Connector['add'] =>
    async function add(request) {
      writing = 1;
      const outcome = await connector.add(request);
      writing = 0;
      await schedule.at('network has answered');
      return outcome;
    };
  const add =
    (connector: Connector): Connector['add'] =>
    async (request) => {
      await schedule.at('gate has committed');
      const fate = first ? plan.sender : 'lives';
      if (first) company.clock.now += plan.delayMs;
      first = false;
      if (fate === 'lives') return send(connector)(request);
      const outcome = fate.endsWith('after') ? await send(connector)(request) : undefined;
      gone.resolve();
      // Who is dead is never awake again.
      await (fate.startsWith('dies') ? new Promise<never>(() => undefined) : awake.promise);
      return outcome ?? send(connector)(request);
    };

  const context: ReleaseContext = {
    ...base,
    guard: {
      async mark(tx) {
        deciding = 'gate has decided';
        const mark = await guard.mark(tx);
        await schedule.at('gate is about to decide');
        return mark;
      },
      async close(tx) {
        deciding = 'build has decided';
        await guard.close(tx);
        schedule.passing('gate is closed');
      },
      narrowed: (...asked) => guard.narrowed(...asked),
    },
    async decide(...asked) {
      const decisions = await decide(...asked);
      await schedule.at(deciding);
      return decisions;
    },
    connectors: new Map(
      [...base.connectors].map(([network, connector]) => [
        network,
        { ...connector, add: add(connector) },
      ]),
    ),
  };
  return {
    async comeBy() {
      const all = rest(context, 'releases');
      await Promise.race([all, gone.promise]);
      if (plan.sender.startsWith('stalls')) left = Promise.all([left, all]).then(() => undefined);
    },
    async wakeStalled() {
      awake.resolve();
      await left;
    },
  };
}
