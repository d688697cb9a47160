import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { nextStep, type Step } from '@kyoka/suspension';
import { removalTimes } from './due.js';
import type { ReleaseContext } from './ports.js';
import { type Audience, findAudiences } from './tables/audience-table.js';
import type { Removal } from './tables/removal-table.js';

/** An open removal and what to do about it now. */
export interface Due {
  readonly removal: Removal;
  readonly audience: Audience;
  readonly step: Step;
}

/** The next step of each removal, by what is stored about it and its network's declared times. */
export async function stepsOf(
  db: Queryable,
  context: ReleaseContext,
  removals: readonly Removal[],
  now: Instant,
): Promise<Due[]> {
  const audiences = await findAudiences(db, [...new Set(removals.map((one) => one.audienceId))]);
  return removals.flatMap((removal) => {
    const audience = audiences.get(removal.audienceId);
    if (audience === undefined) return [];
    return [
      { removal, audience, step: nextStep(removal.facts, removalTimes(context, audience), now) },
    ];
  });
}
