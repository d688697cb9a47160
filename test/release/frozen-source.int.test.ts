import { DAY } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Company,
  heldAt,
  openCompany,
  openShared,
  pass,
  PROCESSING_MS,
  settle,
  type Shared,
  TARO,
} from './harness/index.js';

const EMAIL = { ref: 'taro', email: TARO.email as string };
const PHONE = { ref: 'taro', phone: TARO.phone as string };

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

/** Everybody is decided again, and removals have time to be confirmed. */
async function sweep() {
  company.clock.now += 2 * DAY;
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
}

const heldOfTaro = () => [EMAIL, PHONE].map((part) => company.held('google', part));

it('a freeze of one source leaves what came from it where it is, beside what is allowed', async () => {
  const { taro, audience } = await heldAt(company, 'google', TARO);
  await company.addContact(taro, 'phone', PHONE.phone, 'mall.rakuten');
  await company.freeze('mall.rakuten');
  await sweep();
  expect(heldOfTaro()).toEqual([1, 1]);
  await company.run(audience);
  await sweep();
  expect(heldOfTaro()).toEqual([1, 1]);
});

it('and keeps nothing in that has to leave on another ground', async () => {
  await heldAt(company, 'google', TARO);
  await company.freeze();
  await queryable(company.permissions).query(
    `update permissions.contact_point set class = 'role' where kind = 'phone'`,
  );
  await sweep();
  expect(heldOfTaro()).toEqual([1, 0]);
});
