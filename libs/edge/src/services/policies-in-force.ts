import { type Vocabulary, vocabularyOf } from '@kyoka/intake';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';

/** The policies that two people have switched on, with every source contract and legal pack. */
export async function policiesInForce(db: Queryable, set: PolicySet): Promise<PolicySet> {
  const rows = await db.query<{ target_id: string }>(
    `select target_id from audiences.v_switch where target = 'policy' and switched_on`,
  );
  const on = new Set(rows.map((row) => row.target_id));
  return { ...set, policies: new Map([...set.policies].filter(([version]) => on.has(version))) };
}

/** The policies that were switched on at a moment. */
export async function policiesInForceAt(
  db: Queryable,
  set: PolicySet,
  at: Instant,
): Promise<PolicySet> {
  const rows = await db.query<{ target_id: string; act: string }>(
    `select distinct on (target_id) target_id, act from audiences.v_switch_act
     where target = 'policy' and at <= $1 order by target_id, seq desc`,
    [formatInstant(at)],
  );
  const on = new Set(rows.filter(({ act }) => act === 'approved').map((row) => row.target_id));
  return { ...set, policies: new Map([...set.policies].filter(([version]) => on.has(version))) };
}

/**
 * What the policies in force know, for intake, which can't ask the database about each event. It is
 * as old as its last refresh: a policy that isn't yet seen as on parks events, which are then
 * replayed. Decisions always ask the database.
 */
export class PoliciesInForce {
  readonly #db: Queryable;
  readonly #set: PolicySet;
  #policies: PolicySet;
  #vocabulary: Vocabulary;

  /** @param db under either role; before the first refresh no policy is in force */
  constructor(db: Queryable, set: PolicySet) {
    this.#db = db;
    this.#set = set;
    this.#policies = { ...set, policies: new Map() };
    this.#vocabulary = vocabularyOf(this.#policies);
  }

  get vocabulary(): Vocabulary {
    return this.#vocabulary;
  }

  /** The policies that are switched on, with every source contract and legal pack. */
  get policies(): PolicySet {
    return this.#policies;
  }

  async refresh(): Promise<void> {
    this.#policies = await policiesInForce(this.#db, this.#set);
    this.#vocabulary = vocabularyOf(this.#policies);
  }
}
