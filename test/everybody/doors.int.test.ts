import type { DecisionAnswer } from '@kyoka/contracts';
import type { DecisionQuestion, ReasonCode } from '@kyoka/decision';
import {
  answersOfEverybody,
  decidePersons,
  type PersonDecision,
  policiesInForce,
  readPolicySet,
} from '@kyoka/permission-store';
import type { Policy, PolicySet } from '@kyoka/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DecisionsEdge, openDecisionsEdge } from './decisions-edge.js';
import { openPeopleDatabase, type PeopleDatabase } from './people-database.js';
import { type Random, seeded } from './random.js';
import { randomAudiences } from './random-audiences.js';
import { randomQuestions } from './random-questions.js';
import { RecipientRegister } from './recipient-register.js';
import { DESTINATION, NETWORK, passEverybody, releaseContext } from './release-gate.js';

const NOW = Date.parse('2026-11-22T10:00:00+09:00');
const PEOPLE = 420;
const QUESTIONS = 25;
const AUDIENCES = 25;
/** Tens of thousands of decisions, also where many tests share few cores. */
const PATIENCE = { timeout: 300_000 };

const deployed = await readPolicySet('deploy');

let stored: PeopleDatabase;
let recipients: RecipientRegister;
let edge: DecisionsEdge;
/** Those that two people have switched on. */
let set: PolicySet;

beforeAll(async () => {
  stored = await openPeopleDatabase(NOW);
  recipients = new RecipientRegister(stored.audiences, NOW);
  edge = await openDecisionsEdge({ ...stored, recipients }, deployed, NOW);
  set = await policiesInForce(stored.db, deployed);
});
afterAll(async () => {
  await edge.close();
  await stored.close();
});

const randomOf = (name: string): Random =>
  seeded([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));

/** What the HTTP edge says of a decision; see `answerOf` of the edge. */
const answerOf = (question: DecisionQuestion, decision: PersonDecision): DecisionAnswer => {
  const { subjectId: id, allowed, basis, source, evidence, reasons } = decision;
  const policy = decision.policy ?? question.policy;
  return allowed
    ? {
        id,
        allowed,
        ...(basis && { basis }),
        ...(source && { source }),
        policy,
        evidence: [...evidence],
      }
    : { id, allowed, reasons: [...reasons], policy, evidence: [...evidence] };
};

const sorted = (counts: Iterable<readonly [string, number]>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));

describe.each([
  { name: 'almado@1', turn: 0 },
  { name: 'loveinn@1', turn: 1 },
])('$name', ({ name, turn }) => {
  const policy = deployed.policies.get(name) as Policy;
  let random: Random;
  let people: string[];
  beforeAll(async () => {
    random = randomOf(name);
    people = await stored.fill(policy, random, PEOPLE);
  });

  it('gives everybody the same answer and reasons over HTTP', PATIENCE, async () => {
    let allowed = 0;
    let cases = 0;
    for (const question of randomQuestions(policy, random, QUESTIONS, NOW, turn)) {
      const answers = await edge.ask(question, people);
      if (answers === undefined) continue;
      const decisions = await decidePersons(stored.db, set, question, people);
      answers.forEach((answer, at) => {
        const expected = answerOf(question, decisions[at] as PersonDecision);
        if (JSON.stringify(answer) === JSON.stringify(expected)) return;
        expect({ question, answer }).toEqual({ question, answer: expected });
      });
      allowed += answers.filter((answer) => answer.allowed).length;
      cases += answers.length;
    }
    expect(cases).toBeGreaterThanOrEqual(8_000);
    expect(allowed).toBeGreaterThan(1_000);
  });

  it(
    'lets out at the gate whom the decision allows, and counts its reasons of everybody else',
    PATIENCE,
    async () => {
      const context = releaseContext(stored.audiences, deployed, NOW);
      const matchable = await peopleWithContacts();
      let cases = 0;
      for (const question of randomAudiences(policy, random, AUDIENCES, NOW)) {
        if (question.recipient === undefined) throw new Error('an audience has a recipient');
        await recipients.set(question.recipient, { network: NETWORK, destination: DESTINATION });
        const answers = await answersOfEverybody(stored.db, set, question);
        const passed = await passEverybody(context, question);
        expect({ question, ...summed(passed) }).toEqual({
          question,
          ...expectedOf(answers, matchable),
        });
        cases += matchable.size;
      }
      expect(cases).toBeGreaterThanOrEqual(10_000);
    },
  );
});

const peopleWithContacts = async (): Promise<ReadonlySet<string>> => {
  const rows = await stored.db.query<{ subject_id: string }>(
    `select distinct subject_id from permissions.v_contact_point
     where kind in ('email', 'phone') and cardinality(sources) > 0`,
  );
  return new Set(rows.map((row) => row.subject_id));
};

const summed = ({ built, released, refused }: Awaited<ReturnType<typeof passEverybody>>) => ({
  built: { ...built, any: sorted(Object.entries(built.any)) },
  released: [...released.keys()].toSorted(),
  refused: { ...refused, any: sorted(Object.entries(refused.any)) },
});

function expectedOf(
  answers: ReadonlyMap<string, readonly ReasonCode[]>,
  matchable: ReadonlySet<string>,
): ReturnType<typeof summed> {
  const refused = [...answers].filter(([, codes]) => codes.length > 0);
  const atGate = refused.filter(([id]) => matchable.has(id));
  return {
    built: {
      allowed: answers.size - refused.length,
      refused: refused.length,
      any: countsOf(refused),
    },
    released: [...answers].flatMap(([id, codes]) => (codes.length === 0 ? [id] : [])).toSorted(),
    refused: { persons: atGate.length, any: countsOf(atGate) },
  };
}

function countsOf(answers: readonly (readonly [string, readonly ReasonCode[]])[]) {
  const counts = new Map<string, number>();
  for (const code of answers.flatMap(([, codes]) => codes)) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return sorted(counts);
}
