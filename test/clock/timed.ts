import type { DueTask } from '@kyoka/clock';
import { DAY, type Instant, parseInstant } from '@kyoka/kernel';
import type { Policy, PolicySet, SourceContract } from '@kyoka/policy';
import { type ReleaseContext, releaseTasks, whileEntitled } from '@kyoka/release';
import {
  type Company,
  openCompany,
  pass,
  PROCESSING_MS,
  settle,
  type Shared,
} from '../release/harness/index.js';

export const tokyo = (moment: string): Instant => parseInstant(`${moment}+09:00`) as Instant;

/** Policies with terms that the deployed ones leave open, or shorter ones. */
export function withTerms(
  set: PolicySet,
  { policy = {}, store = {} }: { policy?: Partial<Policy>; store?: Partial<SourceContract> },
): PolicySet {
  return {
    ...set,
    policies: new Map([...set.policies].map(([key, one]) => [key, { ...one, ...policy }])),
    contracts: new Map(
      [...set.contracts].map(([source, one]) => [
        source,
        source === 'store' ? { ...one, ...store } : one,
      ]),
    ),
  };
}

/** A company whose worker never looks at anybody again by itself: what ends, the clock ended. */
export interface TimedCompany extends Company {
  /** Moves the clock to a moment, with no event, and lets everything that is due happen. */
  moveTo(moment: Instant): Promise<void>;
}

/** @param entitled whether who acts needs a right of theirs, as in the service */
export async function openTimed(shared: Shared, { entitled = false } = {}): Promise<TimedCompany> {
  const company = await openCompany(shared);
  const context: ReleaseContext = {
    ...company.context,
    decide: entitled ? whileEntitled(company.context.decide) : company.context.decide,
    settings: { ...company.context.settings, sweepEveryMs: 10_000 * DAY },
  };
  const tasks = releaseTasks(context);
  return {
    ...company,
    context,
    async moveTo(moment) {
      company.clock.now = moment;
      await runDue(tasks, () => company.clock.now);
      await settle(context);
      await pass({ clock: company.clock, context }, 2 * PROCESSING_MS, 10_000);
    },
  };
}

/** Every task until nothing is due. */
export async function runDue(tasks: readonly DueTask[], clock: () => Instant): Promise<number> {
  let ended = 0;
  for (const task of tasks) {
    for (let count = await task.run(clock()); count > 0; count = await task.run(clock())) {
      ended += count;
    }
  }
  return ended;
}
