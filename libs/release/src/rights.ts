import { namedAs } from '@kyoka/access';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { DecidePersons } from './ports.js';
import { stamp } from './words.js';

const RUN_AUDIENCES = 'audiences:run';

/** Whether somebody may run what names these users, and as whom it names them. */
export type Right =
  | { readonly as: string }
  /** `owner_not_named`: by none of the rights that they have; `owner_without_right`: they have none. */
  | { readonly as: undefined; readonly refusal: 'owner_not_named' | 'owner_without_right' };

/**
 * The right to run audiences that somebody has at a moment: by a token that is valid then, or as a
 * person whom the company's identity provider stands for. Where users are named by a role, it has to
 * be a role of that very right.
 */
export async function rightToRun(
  tx: Queryable,
  users: readonly string[],
  owner: string,
  at: Instant,
): Promise<Right> {
  const rights = await tx.query<{ roles: string[] }>(
    `select roles from access.v_right
      where owner = $1 and $2 = any (scopes) and $3 between starts_at and ends_at`,
    [owner, RUN_AUDIENCES, stamp(at)],
  );
  const names = rights.flatMap(({ roles }) => namedAs(users, { owner, roles }) ?? []);
  const as = names.includes(owner) ? owner : names.toSorted()[0];
  if (as !== undefined) return { as };
  return {
    as,
    refusal: rights.length === 0 ? 'owner_without_right' : 'owner_not_named',
  };
}

/**
 * Decisions that know an acting user only while they may run audiences, by name or by a role that
 * they still have. Once their last right has ended nothing new is sent for them and no lease is
 * renewed, so that what they filled empties itself (design §2.9: every credential has an end).
 */
export function whileEntitled(decide: DecidePersons): DecidePersons {
  return async (tx, ask, subjectIds) => {
    const { users } = ask.use;
    const { as } = await rightToRun(tx, users, ask.actor, ask.at);
    if (as === undefined) return decide(tx, { ...ask, actor: '' }, subjectIds);
    const use = as === ask.actor ? ask.use : { ...ask.use, users: [...users, ask.actor] };
    return decide(tx, { ...ask, use }, subjectIds);
  };
}
