import { parsePolicySet, type PolicySet } from '@kyoka/policy';
import { policyFolders, readPolicyFiles } from '@kyoka/permission-store';
import { openPool, type Pool } from '@kyoka/postgres';
import { changeSwitch } from '@kyoka/release';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { policyTrialsService } from '../services/policy-trials.js';
import { publishedService } from './published.service.js';

const DAYS = ['2026-04-01', '2026-07-01', '2026-10-01'].map((day) =>
  Date.parse(`${day}T00:00:00Z`),
);

let database: TestDatabase;
let audiences: Pool;
let permissions: Pool;
let set: PolicySet;
let texts: ReadonlyMap<string, string>;

beforeAll(async () => {
  database = await databaseForTests();
  const open = (role: 'kyoka_audiences' | 'kyoka_permissions') =>
    openPool(database.url, { role, max: 2, applicationName: 'published' });
  [audiences, permissions] = [await open('kyoka_audiences'), await open('kyoka_permissions')];
  const files = await readPolicyFiles(policyFolders('deploy'));
  const first = files.policies.find(({ name }) => name.includes('almado'));
  if (!first) throw new Error('almado is not deployed');
  const [second, third] = [2, 3].map((version) => ({
    name: `almado-${version}.yaml`,
    text: first.text.replace('  version: 1\n', `  version: ${version}\n`),
    sha256: String(version).repeat(64),
  }));
  const policies = [first, second, third].filter((one) => one !== undefined);
  const parsed = parsePolicySet({ ...files, policies });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  set = parsed.set;
  texts = new Map(policies.map(({ text }, at) => [`almado@${at + 1}`, text]));
});
afterAll(async () => {
  await audiences?.destroy();
  await permissions?.destroy();
  await database?.drop();
});

async function goLive(key: string, at: number): Promise<void> {
  const target = { target: 'policy', id: key } as const;
  const sha256 = set.files.get(key)?.sha256 ?? '';
  const file = { name: key, text: texts.get(key) ?? '', sha256 };
  const ask = { act: 'request_on', reason: 'test' } as const;
  const asked = await changeSwitch(audiences, target, ask, { by: 'user:a', file, at });
  const approve = { act: 'approve_on', request: asked.pending?.request ?? '' } as const;
  await changeSwitch(audiences, target, approve, { by: 'user:b', file, at });
}

it('tells every version that is or was in force, the newest first, and nothing of one that never was', async () => {
  const published = publishedService({ permissions, policies: set });
  expect(await published.read('almado')).toBeUndefined();
  const [first = 0, second = 0, ended = 0] = DAYS;
  await goLive('almado@1', first);
  await goLive('almado@2', second);
  const told = async (name: string) => {
    const shown = await published.read(name);
    return shown && [shown.key, ...shown.versions.map(({ key, inForce }) => `${key} ${inForce}`)];
  };
  expect(await told('almado')).toEqual(['almado@2', 'almado@2 true', 'almado@1 true']);
  expect((await told('almado@1'))?.[0]).toBe('almado@1');
  expect(await told('almado@3')).toBeUndefined();
  expect((await published.inForce()).map(({ policy }) => policy.version)).toEqual([2]);

  const off = { act: 'off', reason: 'replaced' } as const;
  const target = { target: 'policy', id: 'almado@1' } as const;
  await changeSwitch(audiences, target, off, { by: 'user:a', at: ended });
  expect(await told('almado')).toEqual(['almado@2', 'almado@2 true', 'almado@1 false']);
  const old = (await published.read('almado'))?.versions.find(({ key }) => key === 'almado@1');
  expect(old).toMatchObject({
    since: '2026-04-01T00:00:00.000Z',
    until: '2026-10-01T00:00:00.000Z',
    readable: true,
  });
});

it('tells a version without its text where the text is not here any more', async () => {
  const published = publishedService({ permissions, policies: { ...set, texts: new Map() } });
  const shown = await published.read('almado');
  expect(shown?.text).toBeUndefined();
  expect(shown?.versions.map(({ readable }) => readable)).toEqual([false, false]);
});

it('tries a version against the newest other one in force, and the only one against itself', async () => {
  const trials = policyTrialsService({
    audiences,
    policies: set,
    addressOf: () => undefined,
    clock: () => DAYS[2] ?? 0,
  });
  expect((await trials.try('almado@3', {})).against).toBe('almado@2');
  expect(await trials.try('almado@2', {})).toEqual({
    policy: 'almado@2',
    against: 'almado@2',
    uses: [],
  });
});
