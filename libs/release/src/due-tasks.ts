import type { DueTask } from '@kyoka/clock';
import { inTransaction, queryable } from '@kyoka/postgres';
import { decideAgain } from './decide-again.js';
import { passes } from './reconcile.js';
import type { ReleaseContext } from './ports.js';
import {
  askOf,
  audiencesWithTermsDue,
  nextAudienceDue,
  setTermsDue,
  termsChanged,
} from './tables/audience-table.js';
import { scheduledRuns } from './scheduled-runs.js';
import { dueSubjects, makeMembersDue, nextMemberDue } from './tables/member-table.js';

/** No subject has this id: what is decided of it is what the terms alone say. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const AUDIENCES_AT_ONCE = 20;

/**
 * What time alone ends in audiences, with no event: members whose own permission ran out (a consent,
 * the term of a source), and all members of an audience whose terms did (the review of a recipient).
 * Each is decided again at its due date, so the cost follows what is due, not who is held. And what
 * time starts: runs by the cadence of their audience.
 */
export function releaseTasks(context: ReleaseContext): DueTask[] {
  return [audienceTerms(context), memberDecisions(context), scheduledRuns(context)];
}

function memberDecisions(context: ReleaseContext): DueTask {
  const { pool, settings } = context;
  return {
    name: 'audiences.members',
    run: (at) =>
      inTransaction(pool, async (tx) => {
        const due = await dueSubjects(tx, at, settings.chunk);
        if (due.length > 0) await decideAgain(tx, context, due, 'not_permitted');
        return due.length;
      }),
    next: () => nextMemberDue(queryable(pool)),
  };
}

/** The first look of a process takes all audiences: the texts that it reads may be others than before. */
function audienceTerms(context: ReleaseContext): DueTask {
  const { pool, clock } = context;
  let looked = false;
  return {
    name: 'audiences.terms',
    async run(at) {
      const db = queryable(pool);
      if (!looked) await termsChanged(db, at);
      looked = true;
      const due = await audiencesWithTermsDue(db, at, AUDIENCES_AT_ONCE);
      for (const { audience, dueAt } of due) {
        await inTransaction(pool, async (tx) => {
          const now = clock();
          const [terms] = await context.decide(tx, askOf(audience, now), [NOBODY]);
          const against = terms?.reasons.filter(({ code }) => code !== 'unknown_subject') ?? [];
          if (against.length > 0 && !passes(against)) await makeMembersDue(tx, audience.id, now);
          await setTermsDue(tx, audience.id, { seen: dueAt, next: terms?.changesAt });
        });
      }
      return due.length;
    },
    next: () => nextAudienceDue(queryable(pool)),
  };
}
