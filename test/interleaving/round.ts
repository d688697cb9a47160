import type { GateGuard } from '@kyoka/release';
import { type Company, drain, type Person, PROCESSING_MS, rest } from '../release/harness/index.js';
import { judge, type Violation } from './judge.js';
import type { Point, RoundPlan } from './plan.js';
import { scheduleOf } from './schedule.js';
import type { Stopping } from './stopping.js';
import { type Ticks, watchReleases } from './watched.js';

export interface RoundResult {
  readonly violations: readonly Violation[];
  /** Where the stops fell. */
  readonly fell: readonly Point[];
  /** Stopped people whom an attempt had let pass before, and those whom none had. */
  readonly released: number;
  readonly neverReleased: number;
  /** Whether everybody whom no stop reached is held in the end. */
  readonly othersHeld: boolean;
}

/** What a control takes away. */
export interface Without {
  readonly guard?: GateGuard;
  /** Nobody follows stops or sends removals. */
  readonly followers?: false;
}

/** Plays one round on a company and judges it. */
export async function play(
  company: Company,
  stopping: Stopping,
  ticks: Ticks,
  plan: RoundPlan,
  { guard = company.context.guard, followers }: Without = {},
): Promise<RoundResult> {
  const { network, persons, faults, seed } = plan;
  const context = { ...company.context, guard };
  const drained = () => drain(company, context, followers === false ? 'releases' : undefined);
  const follow = followers === false ? async () => undefined : () => rest(context, 'removals');
  const journalStart = company.sandbox.journal.entries().length;
  const ids = await company.enter(...persons, ...crowdOf(plan));
  const schedule = scheduleOf(company, stopping, plan, ids, follow);
  const releases = watchReleases(company, context, ticks, plan, schedule);
  const audience = await company.audience(network, { ordered: `round-${seed}` });
  for (const fault of faults) company.sandbox.faults.add(fault);

  const comeBy = async () => {
    await releases.comeBy();
    await schedule.at('backing off or processing');
    company.clock.now += 1_000 + (seed % 17) * 1_000;
    await releases.comeBy();
    await schedule.at('later while processing');
  };
  await schedule.at('before the run');
  await company.run(audience);
  await schedule.at('before the build');
  await comeBy();
  if (plan.renewed) {
    await drained();
    schedule.phase = 'renewal';
    await company.db.query(
      `update audiences.member set renew_at = $2 where audience_id = $1 and state = 'held'`,
      [audience, new Date(company.clock.now).toISOString()],
    );
    await comeBy();
  }
  await drained();
  await schedule.finish();
  await drained();
  if (plan.sender.startsWith('stalls')) {
    // It reports when everything else is over.
    await releases.wakeStalled();
    await drained();
  }
  company.sandbox.faults.clear();
  // What the networks took last takes effect.
  company.clock.now += PROCESSING_MS;
  ticks.connector = ticks.sandbox = () => undefined;

  const stopped = schedule.stopped();
  const reached = new Set(stopped.map(({ person }) => person.ref));
  const released = stopped.filter(({ before }) => before.size > 0).length;
  return {
    violations: await judge(company, network, journalStart, stopped),
    fell: schedule.fell,
    released,
    neverReleased: stopped.length - released,
    othersHeld: persons
      .filter(({ ref }) => !reached.has(ref))
      .every((person) => company.held(network, person) === (person.phone === undefined ? 1 : 2)),
  };
}

/** People who only make the request larger than one chunk of its body. */
const crowdOf = ({ seed, crowd }: RoundPlan): Person[] =>
  Array.from({ length: crowd }, (_, index) => ({
    ref: `c${seed}-${index}`,
    email: `c${seed}-${index}@example.jp`,
    phone: `080${String(10_000_000 + ((seed % 80_000) * 1_000 + index))}`,
    ordered: `round-${seed}`,
  }));
