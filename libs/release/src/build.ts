import { compileSegment, difference } from '@kyoka/audience';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { usableDecisions } from './identifiers.js';
import type { PersonDecision, ReleaseContext } from './ports.js';
import { allowedKeys, countReasons, outOfPermission, takeOut } from './reconcile.js';
import { askOf, type Audience, findAudience, holdAudience } from './tables/audience-table.js';
import { lockGone, lockLiveBetween, type Member } from './tables/member-table.js';
import { insertWanted, moveMembers, setDue } from './tables/member-writes.js';
import {
  addToRun,
  chooseSubjects,
  claimBuilding,
  endBuilding,
  forgetDecided,
  nextRunSubjects,
  type Run,
} from './tables/run-table.js';
import { anyRun } from './tables/waiting.js';
import { keyText } from './words.js';

/**
 * Chooses whom an active run is about or, that done, decides its next chunk of people and writes the difference to what the audience
 * has among them: one transaction, so that a run goes on where it was when its worker died.
 *
 * People come in the order of their ids. A chunk answers for everybody between the last person of
 * the one before and its own last person, so that who is in the audience and not in the segment any
 * more is found on the way, without a second pass.
 *
 * @returns whether there was a run to work on
 */
export async function buildNextChunk(context: ReleaseContext): Promise<boolean> {
  if (!(await anyRun(queryable(context.pool), 'building'))) return false;
  return inTransaction(context.pool, async (tx) => {
    const run = await claimBuilding(tx);
    if (run === undefined) return false;
    if (!run.chosen) return choose(tx, run);
    const audience = await holdAudience(tx, run.audienceId);
    if (audience === undefined) {
      await endBuilding(tx, run.id);
      return true;
    }
    const subjects = await nextRunSubjects(tx, run, context.settings.chunk);
    const to = subjects.length < context.settings.chunk ? null : (subjects.at(-1) as string);
    await writeChunk(tx, context, run, audience, subjects, to);
    if (to === null) await endBuilding(tx, run.id);
    else await forgetDecided(tx, run.id, to);
    return true;
  });
}

/** The first step of a run. The audience isn't held meanwhile: somebody may want to end it. */
async function choose(tx: Queryable, run: Run): Promise<true> {
  const audience = await findAudience(tx, run.audienceId);
  if (audience === undefined || audience.endedAt !== undefined) await endBuilding(tx, run.id);
  else await chooseSubjects(tx, run.id, compileSegment(audience.segment, run.segmentAt));
  return true;
}

async function writeChunk(
  tx: Queryable,
  context: ReleaseContext,
  run: Run,
  audience: Audience,
  subjects: readonly string[],
  to: string | null,
): Promise<void> {
  const now = context.clock();
  const members = await lockLiveBetween(tx, audience.id, run.cursor, to);
  const decisions =
    subjects.length === 0
      ? []
      : usableDecisions(
          context,
          audience,
          await context.decide(tx, askOf(audience, now, run.actor), subjects),
        );
  const refused = decisions.filter((decision) => !decision.allowed);
  const removed = await removeSurplus(tx, context, audience, members, subjects, decisions, now);
  const allowed = allowedKeys(decisions);
  const known = new Set(members.map(keyText));
  const missing = [...allowed].filter(([text]) => !known.has(text));
  const again = await lockGone(
    tx,
    audience.id,
    missing.map(([, key]) => key),
  );
  const were = new Set(again.map(keyText));
  const added = missing.filter(([text]) => !were.has(text)).map(([, key]) => key);
  await insertWanted(tx, audience.id, run.id, added, now);
  await moveMembers(tx, 'want', audience.id, again, now, {
    runId: run.id,
    tries: 0,
    heldSince: null,
    certain: false,
  });
  await setDue(tx, audience.id, [...members, ...again, ...added], decisions);
  await addToRun(
    tx,
    run.id,
    {
      allowed: decisions.length - refused.length,
      refused: refused.length,
      first: countReasons(refused, 'first'),
      any: countReasons(refused, 'any'),
      toAdd: personsIn([...added, ...again]),
      toRemove: removed,
    },
    to,
  );
}

/** @returns how many people the network has to be told to take out */
async function removeSurplus(
  tx: Queryable,
  context: ReleaseContext,
  audience: Audience,
  members: readonly Member[],
  subjects: readonly string[],
  decisions: readonly PersonDecision[],
  now: number,
): Promise<number> {
  const inSegment = new Set(subjects);
  const left = members.filter((member) => !inSegment.has(member.subjectId));
  const refused = outOfPermission(
    members.filter((member) => inSegment.has(member.subjectId)),
    decisions,
  );
  await takeOut(tx, context, audience, left, 'left_segment', now);
  await takeOut(tx, context, audience, refused, 'not_permitted', now);
  return personsIn(
    [...left, ...refused].filter(({ state }) => difference(false, state) === 'leave'),
  );
}

const personsIn = (keys: readonly { readonly subjectId: string }[]): number =>
  new Set(keys.map((key) => key.subjectId)).size;
