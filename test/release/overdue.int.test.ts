import { MINUTE, SECOND } from '@kyoka/kernel';
import { readStops } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  heldAt,
  openCompany,
  openShared,
  pass,
  settle,
  type Shared,
  stepsOf,
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

describe('a removal that the network does not carry out', () => {
  it('goes on, becomes overdue with an alarm, and is confirmed in the end', async () => {
    const { taro } = await heldAt(company, 'meta', TARO);
    company.sandbox.faults.add({ network: 'meta', op: 'remove', kind: '500', count: 1_000 });
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 12 * MINUTE, 30 * SECOND);
    const [late] = await readStops(company.db, [stop]);
    expect(late?.removals.map(({ state }) => state)).toEqual(['overdue', 'overdue']);
    expect(company.logs).toContainEqual(
      expect.objectContaining({ code: 'removal_overdue' }) as unknown,
    );
    expect(await stepsOf(company, stop)).toContain('overdue');
    const alarms = company.logs.filter(({ code }) => code === 'removal_overdue').length;
    company.sandbox.faults.clear();
    await pass(company, 2 * 60 * MINUTE, 5 * MINUTE);
    const [ended] = await readStops(company.db, [stop]);
    expect(ended?.removals.map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
    expect(company.held('meta', TARO)).toBe(0);
    expect(company.logs.filter(({ code }) => code === 'removal_overdue')).toHaveLength(alarms);
  });

  it.each(['job_failed', 'job_partial'] as const)(
    'is sent again after %s at google',
    async (kind) => {
      const { taro } = await heldAt(company, 'google', TARO);
      company.sandbox.faults.add({ network: 'google', op: 'remove', kind });
      const stop = await company.stop({ subjectId: taro });
      await settle(company.context);
      await pass(company, 5 * MINUTE, 5 * SECOND);
      expect(company.requests('google', 'remove', TARO)).toBeGreaterThan(1);
      const [ended] = await readStops(company.db, [stop]);
      expect(ended?.removals.map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
      expect(company.held('google', TARO)).toBe(0);
    },
  );

  it.each([
    ['the job has no end', 'drop_job'],
    ['its counts are not what was sent', 'wrong_counts'],
  ] as const)('is open with a date, never confirmed by it, where %s', async (_, kind) => {
    const { taro } = await heldAt(company, 'google', TARO);
    company.sandbox.faults.add({ network: 'google', op: 'remove', kind });
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 5 * MINUTE, 10 * SECOND);
    const [open] = await readStops(company.db, [stop]);
    expect(open?.removals.map(({ state }) => state)).toEqual(['unconfirmed', 'unconfirmed']);
    expect(company.requests('google', 'remove', TARO)).toBe(1);
    await pass(company, 60 * MINUTE, MINUTE);
    expect(company.logs.map(({ code }) => code)).toContain('removal_overdue');
    expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
      { state: 'confirmed' },
      { state: 'confirmed' },
    ]);
  });
});
