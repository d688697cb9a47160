import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  heldAt,
  openCompany,
  openShared,
  pass,
  PROCESSING_MS,
  reportOf,
  settle,
  type Shared,
  TARO,
} from './harness/index.js';

const REFUSED = { code: 'not_permitted', faults: [{ field: 'use.users' }] };

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

it('a user whom the audience does not name starts no run', async () => {
  const audience = await company.audience('google', { users: ['user:sato'] });
  await expect(company.run(audience, 'user:mallory')).rejects.toMatchObject(REFUSED);
  expect(await company.db.query('select from audiences.run')).toEqual([]);
});

it('and empties nothing: who is held stays, and the next run of a named user finds them', async () => {
  const { audience } = await heldAt(company, 'google', TARO, HANA);
  await expect(company.run(audience, 'user:mallory')).rejects.toMatchObject(REFUSED);
  const run = await company.run(audience);
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
  expect([TARO, HANA].map((person) => company.held('google', person))).toEqual([2, 1]);
  expect((await reportOf(company, run)).waterfall).toMatchObject({ unchanged: 2, toRemove: 0 });
});
