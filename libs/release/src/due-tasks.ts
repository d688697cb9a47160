import type { DueTask } from '@kyoka/clock';
import { inTransaction, queryable } from '@kyoka/postgres';
import { apartOf } from './apart-of.js';
import { decideAgain } from './decide-again.js';
import { passes } from './reconcile.js';
import type { ReleaseContext } from './ports.js';
import { askOf } from './tables/audience-table.js';
import {
  audiencesWithTermsDue,
  nextAudienceDue,
  setTermsDue,
  termsChanged,
} from './tables/audience-terms-table.js';
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
  const name = 'audiences.members';
  const apart = apartOf(context, name, 'subject');
  return {
    name,
    async run(at) {
      const due = await dueSubjects(queryable(pool), at, {
        limit: settings.chunk,
        except: apart.at(at),
      });
      return apart.together(due, at, (subjects) =>
        inTransaction(pool, (tx) => decideAgain(tx, context, subjects, 'not_permitted')),
      );
    },
    next: () => nextMemberDue(queryable(pool)),
  };
}

/** The first look of a process takes all audiences: the texts that it reads may be others than before. */
function audienceTerms(context: ReleaseContext): DueTask {
  const { pool, clock } = context;
  const name = 'audiences.terms';
  const apart = apartOf(context, name, 'audience');
  let looked = false;
  return {
    name,
    async run(at) {
      const db = queryable(pool);
      if (!looked) await termsChanged(db, at);
      looked = true;
      const due = await audiencesWithTermsDue(db, at, {
        limit: AUDIENCES_AT_ONCE,
        except: apart.at(at),
      });
      let decided = 0;
      for (const { audience, dueAt } of due) {
        decided += await apart.together([audience.id], at, () =>
          inTransaction(pool, async (tx) => {
            const now = clock();
            const [terms] = await context.decide(tx, askOf(audience, now), [NOBODY]);
            const against = terms?.reasons.filter(({ code }) => code !== 'unknown_subject') ?? [];
            if (against.length > 0 && !passes(against)) await makeMembersDue(tx, audience.id, now);
            await setTermsDue(tx, audience.id, { seen: dueAt, next: terms?.changesAt });
          }),
        );
      }
      return decided;
    },
    next: () => nextAudienceDue(queryable(pool)),
  };
}
