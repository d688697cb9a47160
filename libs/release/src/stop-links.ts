import type { Queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { askOf, findAudiences } from './tables/audience-table.js';
import { linkStops } from './tables/removal-stop-table.js';
import { stopsAbout } from './tables/stop-act-view.js';

/** The audiences that each subject has to leave. */
type Leaving = ReadonlyMap<string, readonly string[]>;

/**
 * Ties the open removals of subjects that have to leave to the stops that ask for them: those of
 * `reach` that are in force for the audience. Any other stop of the person asked for nothing there.
 *
 * @param reach whom each stop act reaches, by its id
 */
export async function linkReached(
  tx: Queryable,
  context: ReleaseContext,
  reach: ReadonlyMap<string, readonly string[]>,
  leaving: Leaving,
): Promise<void> {
  const audiences = await findAudiences(tx, [...new Set([...leaving.values()].flat())]);
  for (const [audienceId, audience] of audiences) {
    const here = new Map(
      [...reach].map(([act, subjects]) => [
        act,
        subjects.filter((subject) => leaving.get(subject)?.includes(audienceId)),
      ]),
    );
    const inForce = await context.stopsInForce(tx, askOf(audience, context.clock()), here);
    await linkStops(
      tx,
      [...inForce].flatMap(([stopActId, subjects]) =>
        subjects.map((subjectId) => ({ stopActId, audienceId, subjectId })),
      ),
    );
  }
}

/** The same by every stop that reaches these subjects, however long ago it came. */
export async function linkStanding(
  tx: Queryable,
  context: ReleaseContext,
  leaving: Leaving,
): Promise<void> {
  if (leaving.size === 0) return;
  const acts = await stopsAbout(tx, [...leaving.keys()]);
  await linkReached(tx, context, await context.reachOf(tx, acts), leaving);
}
