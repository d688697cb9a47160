import { REASON_CODES } from '@kyoka/decision';
import type { Instant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import {
  type Asked,
  type AskedContact,
  decidePerson,
  type PersonDecision,
  runOf,
} from '../decide-persons.js';
import { type Freeze, loadFreezes } from '../freezes.js';
import { loadPastPersons, type PastPerson } from './load-past.js';

/**
 * Decides questions of one moment in the past, each about many people, from what was known of them
 * then, by the same rules as today's. Whoever was not known then, or is asked by a contact point that
 * they didn't have then, is refused as unknown.
 *
 * @param set the policies in force at that moment
 * @returns for each question one decision per id, in the order of its `subjectIds`
 */
export async function decidePastAsked(
  tx: Queryable,
  set: PolicySet,
  asked: readonly Asked[],
  at: Instant,
): Promise<PersonDecision[][]> {
  const ids = [...new Set(asked.flatMap(({ subjectIds }) => subjectIds))];
  const persons = await loadPastPersons(tx, ids, at);
  const freezes = asTheyStood(await loadFreezes(tx), at);
  return asked.map(({ question, subjectIds, only }) => {
    const run = { ...runOf(set, question, only), freezes };
    return subjectIds.map((id) => {
      const person = persons.get(id);
      if (person === 'incomplete') return notKnown(decidePerson(id, undefined, run));
      return decidePerson(id, person && hasThen(person, only) ? person : undefined, run);
    });
  });
}

function hasThen(
  person: Exclude<PastPerson, 'incomplete'>,
  only: AskedContact | undefined,
): boolean {
  return (
    only === undefined ||
    person.subject.contacts.some(
      (contact) => contact.kind === only.kind && contact.token.equals(only.token),
    )
  );
}

/** A freeze keeps when it was set and lifted. */
const asTheyStood = (freezes: readonly Freeze[], at: Instant): Freeze[] =>
  freezes
    .filter((freeze) => freeze.at <= at)
    .map((freeze) =>
      freeze.liftedAt !== null && freeze.liftedAt > at ? { ...freeze, liftedAt: null } : freeze,
    );

/** In place of an answer that would be made up: the facts of then are not known whole. */
function notKnown(decision: PersonDecision): PersonDecision {
  const reasons = decision.reasons.map((reason) =>
    reason.code === 'unknown_subject'
      ? {
          ...reason,
          code: 'facts_incomplete' as const,
          detail: 'what was known of the person then was not recorded whole, or has been erased',
        }
      : reason,
  );
  const place = ({ code }: { readonly code: (typeof REASON_CODES)[number] }): number =>
    REASON_CODES.indexOf(code);
  return { ...decision, reasons: reasons.sort((left, right) => place(left) - place(right)) };
}
