import { setImmediate as turn } from 'node:timers/promises';
import type { Company } from '../release/harness/index.js';
import { type Stopped, passesOf } from './judge.js';
import type { Point, RoundPlan, StopPlan } from './plan.js';
import type { Stopping } from './stopping.js';

/** Places the stops of one round where the plan wants them, and remembers what came before each. */
export interface Schedule {
  phase: StopPlan['phase'];
  /** The release comes by here. Resolves once what has to be waited for has happened. */
  at(point: Point): Promise<void>;
  /** The same where the release can't wait. */
  passing(point: Point): void;
  /** Places what no point took, and waits for every stop and what follows from it. */
  finish(): Promise<void>;
  stopped(): readonly Stopped[];
  /** Where stops really fell. */
  readonly fell: readonly Point[];
}

/** @param follow follows stops and sends their removals, as a worker of its own */
export function scheduleOf(
  company: Company,
  stopping: Stopping,
  { persons }: RoundPlan,
  ids: ReadonlyMap<string, string>,
  follow: () => Promise<void>,
): Schedule {
  const waiting = new Map(
    persons.flatMap(({ stop, ...person }) => (stop === undefined ? [] : [[person, stop] as const])),
  );
  const subjectOf = (person: { readonly ref: string }) => ids.get(person.ref) as string;
  const reached = new Map<string, Stopped>();
  const underWay: Promise<unknown>[] = [];
  const fell: Point[] = [];

  async function place(person: (typeof persons)[number], { kind }: StopPlan): Promise<void> {
    const mine = new Set<string>();
    await stopping.stop(person, kind, async () => {
      for (const other of persons) {
        if (other.ref !== person.ref && !shares(other, person)) continue;
        if (reached.has(other.ref) && !mine.has(other.ref)) continue;
        const subjectId = subjectOf(other);
        mine.add(other.ref);
        reached.set(other.ref, {
          person: other,
          subjectId,
          before: await passesOf(company, subjectId),
        });
      }
    });
  }

  function take(point: Point, phase: StopPlan['phase']) {
    const here = [...waiting].filter(([, stop]) => stop.point === point && stop.phase === phase);
    for (const [person] of here) {
      waiting.delete(person);
      fell.push(point);
    }
    return here;
  }

  async function race(person: (typeof persons)[number], stop: StopPlan): Promise<void> {
    for (let left = stop.turns; left > 0; left -= 1) await turn();
    await place(person, stop);
    await follow();
  }

  const schedule: Schedule = {
    phase: 'first',
    stopped: () => [...reached.values()],
    fell,
    async at(point) {
      for (const [person, stop] of take(point, schedule.phase)) {
        if (stop.mode === 'race') underWay.push(race(person, stop));
        else await place(person, stop);
        if (stop.mode === 'removed') await follow();
      }
    },
    passing(point) {
      for (const [person, stop] of take(point, schedule.phase)) underWay.push(race(person, stop));
    },
    async finish() {
      for (const [person, stop] of waiting) {
        waiting.delete(person);
        fell.push('everything is at rest');
        await place(person, stop);
      }
      await Promise.all(underWay);
    },
  };
  return schedule;
}

const shares = (one: { readonly email?: string }, other: { readonly email?: string }): boolean =>
  one.email === other.email;
