import { decidePersons, readPolicySet, tryPolicy } from '@kyoka/permission-store';
import { parsePolicy, type PolicySet } from '@kyoka/policy';
import { openPool, queryable, type Queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from './random.js';
import { insertPeople } from './random-people.js';

const NOW = Date.parse('2026-11-22T10:00:00+09:00');
const ASKED = { at: NOW, addressOf: () => undefined, examples: 3 };

let database: TestDatabase;
let pool: Awaited<ReturnType<typeof openPool>>;
let db: Queryable;
let set: PolicySet;
let people: string[];

/** ALMADO with a second version: support news by SMS too, and none by post any more. */
async function twoVersions(): Promise<PolicySet> {
  const deployed = await readPolicySet('deploy');
  const first = readFileSync('deploy/policies/almado.yaml', 'utf8');
  const second = first
    .replace('  version: 1\n', '  version: 2\n')
    .replace('      channels: [email, dm],', '      channels: [email, sms],');
  const parsed = parsePolicy(second, 'almado-2.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return { ...deployed, policies: new Map([...deployed.policies, ['almado@2', parsed.policy]]) };
}

beforeAll(async () => {
  database = await databaseForTests();
  pool = await openPool(database.url, {
    role: 'kyoka_audiences',
    max: 2,
    applicationName: 'try-policy',
  });
  db = queryable(pool);
  set = await twoVersions();
  const owner = await openPool(database.url, {
    max: 1,
    role: 'kyoka_permissions',
    applicationName: 'try-people',
  });
  const policy = set.policies.get('almado@1');
  if (!policy) throw new Error('almado@1 is not deployed');
  people = await insertPeople(queryable(owner), policy, seeded(11), 400, NOW);
  await owner.destroy();
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

const allowed = async (policy: string, channel: string): Promise<string[]> => {
  const use = { from: '2026-11-22', to: '2026-11-22', users: ['user:a'] };
  const request = {
    purpose: 'info_support',
    channel,
    contentOwner: 'own' as const,
    actor: 'user:a',
    use,
  };
  const answers = await decidePersons(db, set, { policy, at: NOW, request }, people);
  return answers.filter((one) => one.allowed).map(({ subjectId }) => subjectId);
};

it('names who gains and who loses a use, and leaves out what changes nothing', async () => {
  const uses = await tryPolicy(db, set, { older: 'almado@1', newer: 'almado@2' }, ASKED);
  const bySms = await allowed('almado@2', 'sms');
  const byPost = await allowed('almado@1', 'dm');
  expect(bySms.length).toBeGreaterThan(3);
  expect(byPost.length).toBeGreaterThan(3);
  expect(uses).toEqual([
    {
      purpose: 'info_support',
      channel: 'dm',
      gain: { people: 0, examples: [] },
      lose: { people: byPost.length, examples: byPost.toSorted().slice(0, 3) },
    },
    {
      purpose: 'info_support',
      channel: 'sms',
      gain: { people: bySms.length, examples: bySms.toSorted().slice(0, 3) },
      lose: { people: 0, examples: [] },
    },
  ]);
});

it('counts everything allowed as gained where no version is in force', async () => {
  const uses = await tryPolicy(db, set, { newer: 'almado@1' }, ASKED);
  expect(
    uses.find((use) => use.purpose === 'info_support' && use.channel === 'dm')?.gain.people,
  ).toBe((await allowed('almado@1', 'dm')).length);
  expect(uses.every((use) => use.lose.people === 0)).toBe(true);
});
