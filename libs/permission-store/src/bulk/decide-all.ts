import {
  type Bind,
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
import { type Freeze, loadFreezes } from '../freezes.js';
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

interface Side {
  readonly people: number;
  /** Subject ids, the first in their order. */
  readonly examples: readonly string[];
}

export interface Comparison {
  /** Allowed by the newer question alone. */
  readonly gain: Side;
  /** Allowed by the older question alone. */
  readonly lose: Side;
}

/**
 * Whom only one of two questions allows, in one statement.
 *
 * @param examples how many subject ids of each side to name
 */
export async function compareEverybody(
  tx: Queryable,
  set: PolicySet,
  asked: { readonly older: DecisionQuestion; readonly newer: DecisionQuestion },
  examples: number,
): Promise<Comparison> {
  const bindings = new Bindings();
  const freezes = await loadFreezes(tx);
  const answers = (question: DecisionQuestion): string =>
    `${answersSql(termsOf(set, question), freezes, bindings.bind)} select subject_id, mask from answers`;
  const limit = bindings.bind(examples, 'int');
  const side = (allowed: string, refused: string, name: string): string => `
    (count(*) filter (where ${allowed}.mask = 0 and ${refused}.mask <> 0))::int as ${name},
    coalesce((array_agg(subject_id order by subject_id)
      filter (where ${allowed}.mask = 0 and ${refused}.mask <> 0))[1:${limit}], '{}') as ${name}_ids`;
  const { text, values } = bindings.statement(
    `with older as (${answers(asked.older)}), newer as (${answers(asked.newer)})
     select ${side('newer', 'older', 'gain')}, ${side('older', 'newer', 'lose')}
     from older join newer using (subject_id)`,
  );
  const [row] = await tx.query<{
    gain: number;
    gain_ids: string[];
    lose: number;
    lose_ids: string[];
  }>(text, [...values]);
  return {
    gain: { people: row?.gain ?? 0, examples: row?.gain_ids ?? [] },
    lose: { people: row?.lose ?? 0, examples: row?.lose_ids ?? [] },
  };
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

async function statement(
  tx: Queryable,
  terms: Terms,
  whole: (answers: string) => string,
): Promise<{ text: string; values: unknown[] }> {
  const bindings = new Bindings();
  const answers = answersSql(terms, await loadFreezes(tx), bindings.bind);
  const { text, values } = bindings.statement(whole(answers));
  return { text, values: [...values] };
}

/** `with ... answers as (subject_id, mask)`: everybody's refusals, of the candidate with the fewest. */
const answersSql = (terms: Terms, freezes: readonly Freeze[], bind: Bind): string =>
  `with ${factsSql(terms, freezes, kindsOf(terms.question.request.channel), bind)},
  answers as (
    select distinct on (subject_id) subject_id, mask
    from (select f.subject_id, f.candidate_kind, f.token, (${refusalsSql(terms, bind)}) as mask from facts f) one
    order by subject_id, bit_count(mask::bit(64)), candidate_kind, token
  )`;
