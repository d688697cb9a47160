import { DAY } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { endAudience, readHoldings, readReleases } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  START,
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

describe('a period', () => {
  it('sends nothing before its period', async () => {
    await company.enter(TARO);
    const run = await company.run(await company.audience('google', { from: '2026-12-01' }));
    await settle(company.context);
    const { waterfall } = await reportOf(company, run);
    expect(waterfall).toMatchObject({ segment: 1, permitted: 0, sent: 0 });
    expect(waterfall.minus).toContainEqual({ code: 'outside_period', people: 1, withAny: 1 });
    expect(company.requests('google', 'add', TARO)).toBe(0);
  });

  it('ends with its period, and takes everybody out', async () => {
    await company.enter(TARO);
    const audience = await company.audience('google', { to: '2026-11-25' });
    await company.run(audience);
    await settle(company.context);
    await pass(company, PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(2);
    company.clock.now = START + 2 * DAY;
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(0);
    await expect(company.run(audience)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes everybody out when somebody ends it', async () => {
    const { audience, ids } = await heldAt(company, 'meta', TARO, HANA);
    await endAudience(company.context, audience, 'user:sato');
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect([TARO, HANA].map((person) => company.held('meta', person))).toEqual([0, 0]);
    expect(await readHoldings(company.db, ids.get('taro') as string)).toEqual([]);
  });
});

describe('a membership is a lease', () => {
  it('that is renewed by a new release before it ends', async () => {
    const { ids } = await heldAt(company, 'google', TARO);
    company.clock.now = START + 26 * DAY;
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.requests('google', 'add', TARO)).toBe(2);
    expect(await readReleases(company.db, ids.get('taro') as string, 10)).toHaveLength(2);
    const [holding] = await readHoldings(company.db, ids.get('taro') as string);
    expect(Date.parse(holding?.until ?? '')).toBeGreaterThan(START + 55 * DAY);
  });

  it('that ends by a removal where it was not renewed', async () => {
    await heldAt(company, 'google', TARO);
    await company.freeze();
    company.clock.now = START + 26 * DAY;
    await settle(company.context);
    expect(company.requests('google', 'add', TARO)).toBe(1);
    expect(company.held('google', TARO)).toBe(2);
    company.clock.now = START + 31 * DAY;
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(0);
  });

  it('that ends by a removal once its consent no longer counts, without any event', async () => {
    await heldAt(company, 'google', TARO);
    await queryable(company.permissions).query(
      `update permissions.subject set category = 'applicant' where ref = 'taro'`,
    );
    company.clock.now += 2 * DAY;
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(0);
  });
});
