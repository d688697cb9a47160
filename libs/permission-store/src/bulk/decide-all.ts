import {
  Bindings,
  type DecisionQuestion,
  type ReasonCode,
  reasonsOfMask,
  refusalsSql,
  type Terms,
  termsOf,
} from '@kyoka/decision';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { kindsOf } from '../decide-persons.js';
import { loadFreezes } from '../freezes.js';
import { factsSql } from './facts-sql.js';

/** What everybody's answers to one question come to. */
export interface Waterfall {
  readonly people: number;
  readonly allowed: number;
  /** People whom each reason refuses; somebody with several counts under each. */
  readonly refused: ReadonlyMap<ReasonCode, number>;
}

/**
 * Decides one question about every stored person and counts each reason, in one statement that is
 * generated from the table of rules. A person counts by the contact point that comes closest to being
 * allowed, as in `decidePersons`.
 */
export async function decideEverybody(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
): Promise<Waterfall> {
  const { text, values } = await statement(
    tx,
    termsOf(set, question),
    (answers) => `${answers} select mask::text, count(*)::int as people from answers group by mask`,
  );
  const rows = await tx.query<{ mask: string; people: number }>(text, values);
  const refused = new Map<ReasonCode, number>();
  for (const { mask, people } of rows) {
    for (const code of reasonsOfMask(BigInt(mask))) {
      refused.set(code, (refused.get(code) ?? 0) + people);
    }
  }
  const sum = (counted: typeof rows): number =>
    counted.reduce((total, row) => total + row.people, 0);
  return { people: sum(rows), allowed: sum(rows.filter(({ mask }) => mask === '0')), refused };
}

/**
 * Of two questions, who is allowed by the one and not by the other.
 *
 * @param examples how many subject ids of each side to name, in their order
 */
export async function compareEverybody(
  tx: Queryable,
  older: { readonly set: PolicySet; readonly question: DecisionQuestion },
  newer: { readonly set: PolicySet; readonly question: DecisionQuestion },
  examples: number,
): Promise<{ readonly gain: Side; readonly lose: Side }> {
  const side = async (asked: typeof older): Promise<Set<string>> =>
    new Set((await allowedOf(tx, asked.set, asked.question)).map((row) => row));
  const before = await side(older);
  const after = await side(newer);
  const only = (left: Set<string>, right: Set<string>): Side => {
    const ids = [...left].filter((id) => !right.has(id)).sort();
    return { people: ids.length, examples: ids.slice(0, examples) };
  };
  return { gain: only(after, before), lose: only(before, after) };
}

interface Side {
  readonly people: number;
  readonly examples: readonly string[];
}

/** The answer of every stored person: subject id and reasons, none if allowed. */
export async function answersOfEverybody(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
): Promise<Map<string, readonly ReasonCode[]>> {
  const { text, values } = await statement(
    tx,
    termsOf(set, question),
    (answers) => `${answers} select subject_id, mask::text from answers`,
  );
  const rows = await tx.query<{ subject_id: string; mask: string }>(text, values);
  return new Map(rows.map((row) => [row.subject_id, reasonsOfMask(BigInt(row.mask))]));
}

async function allowedOf(
  tx: Queryable,
  set: PolicySet,
  question: DecisionQuestion,
): Promise<string[]> {
  const { text, values } = await statement(
    tx,
    termsOf(set, question),
    (answers) => `${answers} select subject_id from answers where mask = 0`,
  );
  return (await tx.query<{ subject_id: string }>(text, values)).map((row) => row.subject_id);
}

async function statement(
  tx: Queryable,
  terms: Terms,
  whole: (answers: string) => string,
): Promise<{ text: string; values: unknown[] }> {
  const bindings = new Bindings();
  const freezes = await loadFreezes(tx);
  const kinds = kindsOf(terms.question.request.channel);
  const { text, values } = bindings.statement(
    whole(`with ${factsSql(terms, freezes, kinds, bindings.bind)},
    answers as (
      select distinct on (subject_id) subject_id, mask
      from (select f.subject_id, f.candidate_kind, f.token, (${refusalsSql(terms, bindings.bind)}) as mask from facts f) one
      order by subject_id, bit_count(mask::bit(64)), candidate_kind, token
    )`),
  );
  return { text, values: [...values] };
}
