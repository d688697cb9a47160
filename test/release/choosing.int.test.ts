import { inTransaction } from '@kyoka/postgres';
import { endAudience, workerSteps } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  openCompany,
  openShared,
  reportOf,
  settle,
  type Shared,
  TARO,
} from './harness/index.js';

let shared: Shared;
let company: Company;

beforeAll(async () => {
  shared = await openShared();
});
beforeEach(async () => {
  company = await openCompany(shared);
});
afterEach(() => company.close());
afterAll(() => shared.close());

const chosen = async (): Promise<number> =>
  (await company.db.query('select from audiences.run_subject')).length;
const build = () => workerSteps(company.context)['building']?.();

it('who asks for a run waits for nothing: the worker chooses, decides, and forgets whom it chose', async () => {
  const context = { ...company.context, settings: { ...company.context.settings, chunk: 2 } };
  const step = () => workerSteps(context)['building']?.();
  const people = ['a', 'b', 'c'].map((ref) => ({ ref, email: `${ref}@example.jp` }));
  await company.enter(...people);
  const run = await company.run(await company.audience('google'));
  expect(await chosen()).toBe(0);
  expect(await reportOf(company, run)).toMatchObject({
    state: 'building',
    waterfall: { segment: 0 },
  });
  await step();
  expect(await chosen()).toBe(3);
  await step();
  expect(await chosen()).toBe(1);
  await step();
  expect(await chosen()).toBe(0);
  expect(await reportOf(company, run)).toMatchObject({
    state: 'sending',
    waterfall: { segment: 3, permitted: 3, toAdd: 3 },
  });
});

it('a run whose audience ends before it is built keeps nobody it chose', async () => {
  await company.enter(TARO, HANA);
  const audience = await company.audience('google');
  const run = await company.run(audience);
  await build();
  expect(await chosen()).toBe(2);
  await endAudience(company.context, audience, 'user:sato');
  await settle(company.context);
  expect(await chosen()).toBe(0);
  expect(await reportOf(company, run)).toMatchObject({ state: 'stopped', waterfall: { sent: 0 } });
});

it('a build waits for nobody who has left, unless they come back', async () => {
  const ids = await company.enter(TARO, HANA);
  const audience = await company.audience('google');
  await company.run(audience);
  for (const step of [build, build]) await step();
  await company.stop({ subjectId: ids.get('taro') as string });
  await settle(company.context);
  await company.run(audience);
  await inTransaction(company.context.pool, async (other) => {
    const gone = await other.query(`select from audiences.member where state = 'gone' for update`);
    expect(gone.length).toBeGreaterThan(0);
    for (const step of [build, build]) await step();
  });
  expect(await chosen()).toBe(0);
});
