import { randomUUID } from 'node:crypto';
import type { DecisionRequest, RecipientFacts } from '@kyoka/decision';
import { canonicalJson, formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { PolicySet } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { decidePastAsked } from './past/decide-past.js';
import { type Asked, decideAsked, type PersonDecision } from './decide-persons.js';
import { findSubjects, type SubjectQuery } from './find-subjects.js';
import { ruledBy } from './ruled-by.js';
import { appendDecisions, type DecisionRecord } from './tables/decision-table.js';

/** One question about somebody stored. */
export interface StoredQuestion {
  /** Absent: nobody is named, so nobody is known. */
  readonly subject?: SubjectQuery | undefined;
  /** `id@version`. */
  readonly policy?: string;
  readonly request: DecisionRequest;
  readonly recipient?: RecipientFacts | undefined;
  /** The asker will act on the answer outside the gate: it is stored before it is given. */
  readonly record?: boolean;
}

export interface StoredDecision {
  readonly decision: Omit<
    PersonDecision,
    'contacts' | 'refusedContacts' | 'subjectId' | 'stopped' | 'changesAt'
  >;
  /** Set if it was recorded. */
  readonly decisionId?: string;
}

/**
 * Answers questions from stored facts, in the order they were asked, with as many statements for one
 * as for any number. Recorded ones are durable when the caller's transaction commits.
 */
export function decideStored(
  tx: Queryable,
  set: PolicySet,
  questions: readonly StoredQuestion[],
  at: Instant,
): Promise<StoredDecision[]> {
  return decideAll(tx, set, questions, at, decideAsked);
}

/**
 * Answers questions as they would have been answered at a moment in the past, from what was known by
 * then. Nothing is recorded: nobody may act on it any more.
 *
 * @param set the policies in force then
 */
export function decideStoredAt(
  tx: Queryable,
  set: PolicySet,
  questions: readonly Omit<StoredQuestion, 'record'>[],
  at: Instant,
): Promise<StoredDecision[]> {
  return decideAll(tx, set, questions, at, decidePastAsked);
}

async function decideAll(
  tx: Queryable,
  set: PolicySet,
  questions: readonly StoredQuestion[],
  at: Instant,
  decideThem: typeof decidePastAsked,
): Promise<StoredDecision[]> {
  const subjects = await findSubjects(
    tx,
    questions.map(({ subject }) => subject ?? { id: NOBODY }),
  );
  const decided = questions.map((): PersonDecision | undefined => undefined);
  const groups = Map.groupBy(questions.keys(), (index) =>
    groupKey(questions[index] as StoredQuestion),
  );
  const asked = [...groups.values()].map((indexes): Asked => {
    const { policy, request, recipient, subject } = questions[
      indexes[0] as number
    ] as StoredQuestion;
    return {
      question: {
        ...(policy !== undefined && { policy }),
        at,
        request,
        ...(recipient !== undefined && { recipient }),
      },
      subjectIds: [...new Set([...indexes.flatMap((index) => subjects[index] ?? []), NOBODY])],
      only: subject && 'token' in subject ? subject : undefined,
    };
  });
  const answered = await decideThem(tx, set, asked, at);
  for (const [group, indexes] of [...groups.values()].entries()) {
    const answers = new Map(answered[group]?.map((answer) => [answer.subjectId, answer]));
    for (const index of indexes) {
      const candidates = (subjects[index] as string[]).map(
        (id) => answers.get(id) as PersonDecision,
      );
      decided[index] = oneOf(candidates) ?? answers.get(NOBODY);
    }
  }
  return record(tx, set, questions, decided as PersonDecision[], at);
}

/** No subject has this id, so its decision is that of somebody unknown. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const groupKey = ({ policy, request, recipient, subject }: StoredQuestion): string =>
  canonicalJson({
    policy,
    request,
    recipient,
    contact:
      subject && 'token' in subject
        ? `${subject.kind}:${subject.token.toString('hex')}`
        : undefined,
  } as unknown as Json);

/** Several subjects of one contact point: refused if a stop reaches any of them, else allowed if one is. */
function oneOf(candidates: readonly PersonDecision[]): PersonDecision | undefined {
  const stopped = candidates.find((one) => one.stopped);
  return (
    stopped ??
    candidates.find((one) => one.allowed) ??
    candidates.find((one) => one.reasons.every(({ code }) => code !== 'unknown_subject')) ??
    candidates[0]
  );
}

async function record(
  tx: Queryable,
  set: PolicySet,
  questions: readonly StoredQuestion[],
  decided: readonly PersonDecision[],
  at: Instant,
): Promise<StoredDecision[]> {
  const records: DecisionRecord[] = [];
  const answers = decided.map(
    (
      {
        contacts: _contacts,
        refusedContacts: _refused,
        stopped: _stopped,
        changesAt: _changesAt,
        subjectId,
        ...decision
      },
      index,
    ): StoredDecision => {
      const question = questions[index] as StoredQuestion;
      if (!question.record) return { decision };
      const id = randomUUID();
      records.push({
        id,
        subjectId: subjectId === NOBODY ? null : subjectId,
        body: {
          policy: question.policy,
          request: question.request as unknown as Json,
          recipient: question.recipient as unknown as Json | undefined,
          decision: decision as unknown as Json,
          ruledBy: ruledBy(set, decision) as unknown as Json,
          at: formatInstant(at),
        },
      });
      return { decision, decisionId: id };
    },
  );
  await appendDecisions(tx, records, at);
  return answers;
}
