import { DAY, SECOND } from '@kyoka/kernel';
import { readStops, Worker } from '@kyoka/release';
import { eventually } from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  heldAt,
  openCompany,
  openShared,
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

describe('the worker by itself', () => {
  it('sends what a stop asks for without sleeping in between', async () => {
    const { taro } = await heldAt(company, 'google', TARO);
    const settings = { ...company.context.settings, idleMs: DAY };
    const worker = new Worker({ ...company.context, settings });
    worker.start();
    await company.stop({ subjectId: taro });
    worker.wake();
    await eventually('the removal was sent', () => company.requests('google', 'remove', TARO) > 0);
    await worker.stop();
  });

  it('follows a stop it is woken for, and drains when it is told to stop', async () => {
    const { taro } = await heldAt(company, 'google', TARO);
    const worker = new Worker(company.context);
    worker.start();
    const stop = await company.stop({ subjectId: taro });
    worker.wake();
    await eventually('both removals are confirmed', async () => {
      company.clock.now += SECOND;
      const [report] = await readStops(company.db, [stop]);
      expect(report?.removals.map(({ state }) => state)).toEqual(['confirmed', 'confirmed']);
    });
    await worker.stop();
    expect(company.held('google', TARO)).toBe(0);
    company.clock.now += 100 * DAY;
    const before = company.sandbox.journal.entries().length;
    await new Promise((resolve) => void setTimeout(resolve, 30));
    expect(company.sandbox.journal.entries()).toHaveLength(before);
  });
});
