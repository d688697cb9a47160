import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { DecidePersons } from './ports.js';
import { stamp } from './words.js';

const RUN_AUDIENCES = 'audiences:run';

/**
 * Whether somebody may run audiences at a moment: by a token that is valid then, or as a person whom
 * the company's identity provider stands for.
 */
export async function mayRun(tx: Queryable, owner: string, at: Instant): Promise<boolean> {
  const [row] = await tx.query<{ may: boolean }>(
    `select exists (select from access.v_right
       where owner = $1 and $2 = any (scopes) and $3 between starts_at and ends_at) as may`,
    [owner, RUN_AUDIENCES, stamp(at)],
  );
  return row?.may === true;
}

/**
 * Decisions that know an acting user only while they may run audiences. Once their last right has
 * ended nothing new is sent for them and no lease is renewed, so that what they filled empties itself
 * (design §2.9: every credential has an end).
 */
export function whileEntitled(decide: DecidePersons): DecidePersons {
  return async (tx, ask, subjectIds) => {
    const actor = (await mayRun(tx, ask.actor, ask.at)) ? ask.actor : '';
    return decide(tx, { ...ask, actor }, subjectIds);
  };
}
