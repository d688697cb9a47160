import { type DecisionQuestion, REASON_CODES, termsOf } from '@kyoka/decision';
import type { ContactKind, Instant } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { cellsOf } from '../cells.js';
import { decidePerson, kindsOf, type PersonDecision } from '../decide-persons.js';
import { type Freeze, loadFreezes } from '../freezes.js';
import { loadPastPersons, type PastPerson } from './load-past.js';

/**
 * Decides one question of the past about many people, from what was known of them at its moment, by the
 * same rules as today's. Whoever was not known then, or is asked by a contact point that they didn't
 * have then, is refused as unknown.
 *
 * @param set the policies in force at that moment
 */
export async function decidePastPersons(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
  subjectIds: readonly string[],
  only?: { readonly kind: ContactKind; readonly token: Buffer },
): Promise<PersonDecision[]> {
  const terms = termsOf(set, question);
  const persons = await loadPastPersons(tx, subjectIds, question.at);
  const freezes = asTheyStood(await loadFreezes(tx), question.at);
  const kinds = kindsOf(question.request.channel);
  const run = { terms, cells: cellsOf(terms), freezes, kinds, only };
  return subjectIds.map((id) => {
    const person = persons.get(id);
    if (person === 'incomplete') return notKnown(decidePerson(id, undefined, run));
    return decidePerson(id, person && hasThen(person, only) ? person : undefined, run);
  });
}

function hasThen(
  person: Exclude<PastPerson, 'incomplete'>,
  only: { readonly kind: ContactKind; readonly token: Buffer } | undefined,
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
