import { type ReasonCode, RULES } from '@kyoka/decision';
import { DAY } from '@kyoka/kernel';
import {
  answersOfEverybody,
  decideEverybody,
  decidePersons,
  policyFolders,
  readPolicyFiles,
  readPolicySet,
} from '@kyoka/permission-store';
import { parsePolicySet, policyKey, type PolicySet } from '@kyoka/policy';
import { openPool, queryable } from '@kyoka/postgres';
import { databaseForTests } from '@kyoka/testing';
import { describe, expect, it } from 'vitest';
import { seeded } from './random.js';
import { insertPeople } from './random-people.js';
import { randomQuestions } from './random-questions.js';

const NOW = Date.parse('2026-11-22T10:00:00+09:00');
const PEOPLE = 420;
const QUESTIONS = 25;

const given = new Map<string, number>();
const set = await policies();
const deployed = new Set((await readPolicySet('deploy')).policies.keys());

/** The deployed policies, and three made up ones that state what none of the five does. */
async function policies(): Promise<PolicySet> {
  const deployed = await readPolicyFiles(policyFolders('deploy'));
  const trials = await readPolicyFiles({
    ...policyFolders('deploy'),
    policies: 'test/golden/decisions/policies',
  });
  const parsed = parsePolicySet({
    ...deployed,
    policies: [...deployed.policies, ...trials.policies],
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.set;
}

describe.each(
  [...set.policies.values()]
    .map((policy) => ({ name: policyKey(policy), policy }))
    .map((one, turn) => ({ ...one, turn })),
)('$name', ({ name, policy, turn }) => {
  it('gives everybody the same answer and reasons, one by one and all in one statement', async () => {
    const database = await databaseForTests();
    const pool = await openPool(database.url, {
      role: 'kyoka_permissions',
      max: 2,
      applicationName: 'everybody',
    });
    const db = queryable(pool);
    const random = seeded([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
    const people = await insertPeople(db, policy, random, PEOPLE, NOW);
    await db.query(
      `insert into permissions.freeze (id, purposes, channels, recipients, sources, set_by_role, set_by, reason, at, lifted_at)
         values (gen_random_uuid(), $1, '{email}', '{}', '{}', 'role:desk', 'user:a', 'x', $2, null),
                (gen_random_uuid(), '{*}', '{*}', '{}', $3, 'role:desk', 'user:a', 'x', $2, null),
                (gen_random_uuid(), '{*}', '{*}', '{}', '{}', 'role:desk', 'user:a', 'x', $2, $2::timestamptz + interval '1 hour')`,
      [
        [policy.purposes.at(-1)?.id ?? ''],
        new Date(NOW - DAY),
        [policy.sources.slice(2).at(-1)?.id ?? 'nowhere'],
      ],
    );
    let allowed = 0;
    let cases = 0;
    for (const question of randomQuestions(policy, random, QUESTIONS, NOW, turn)) {
      const one = await decidePersons(db, set, question, people);
      const all = await answersOfEverybody(db, set, question);
      const expected = Object.fromEntries(
        one.map(({ subjectId, reasons }) => [subjectId, reasons.map(({ code }) => code)]),
      );
      expect({ question, answers: Object.fromEntries(all) }).toEqual({
        question,
        answers: expected,
      });
      const counted = new Map<ReasonCode, number>();
      for (const code of Object.values(expected).flat()) {
        counted.set(code, (counted.get(code) ?? 0) + 1);
        given.set(code, (given.get(code) ?? 0) + 1);
      }
      const free = one.filter((answer) => answer.allowed).length;
      expect(await decideEverybody(db, set, question)).toEqual({
        people: people.length,
        allowed: free,
        refused: counted,
      });
      allowed += free;
      cases += one.length;
    }
    await pool.destroy();
    await database.drop();
    expect(cases).toBeGreaterThanOrEqual(10_000);
    expect(allowed / cases).toBeGreaterThanOrEqual(deployed.has(name) ? 0.2 : 0.1);
  });
});

/** Somebody who isn't stored has no row to be counted by. */
const WITHOUT_ROW = 'unknown_subject';

it('every reason was given at least fifty times', () => {
  const rare = RULES.map(({ code }) => code).filter(
    (code) => code !== WITHOUT_ROW && (given.get(code) ?? 0) < 50,
  );
  expect(rare).toEqual([]);
});
