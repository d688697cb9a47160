import { type Vocabulary, vocabularyOf } from '@kyoka/intake';
import { policiesInForce } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';

export { policiesInForce, policiesInForceAt } from '@kyoka/permission-store';

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
