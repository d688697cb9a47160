import type { Connector } from '@kyoka/connector-kit';
import { DAY, SECOND } from '@kyoka/kernel';
import { readStops, type ReleaseContext, Worker, workerSteps } from '@kyoka/release';
import { eventually } from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  heldAt,
  openCompany,
  openShared,
  PROCESSING_MS,
  reportOf,
  rest,
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

  it.each(['google', 'meta'] as const)(
    'shares the work at %s with another, and nobody is sent twice',
    async (network) => {
      const persons = Array.from({ length: 24 }, (_, index) => ({
        ref: `p${index}`,
        email: `p${index}@example.jp`,
      }));
      const ids = await company.enter(...persons);
      const connector = company.context.connectors.get(network) as Connector;
      const context: ReleaseContext = {
        ...company.context,
        settings: { ...company.context.settings, idleMs: 100 },
        connectors: new Map(company.context.connectors).set(network, {
          ...connector,
          capabilities: { ...connector.capabilities, maxPersonsPerRequest: 3 },
        }),
      };
      const workers = [new Worker(context), new Worker(context)];
      const run = await company.run(await company.audience(network));
      for (const worker of workers) worker.start();
      await eventually('everybody was sent', () =>
        persons.every((person) => company.requests(network, 'add', person) > 0),
      );
      await eventually('the run has ended', async () => {
        company.clock.now += SECOND;
        return (await reportOf(company, run)).state === 'finished';
      });
      const [first] = persons as [(typeof persons)[0]];
      const stop = await company.stop({ subjectId: ids.get(first.ref) as string });
      await eventually('the removal is confirmed', async () => {
        company.clock.now += SECOND;
        return (await readStops(company.db, [stop]))[0]?.removals[0]?.state === 'confirmed';
      });
      await Promise.all(workers.map((worker) => worker.stop()));
      company.clock.now += PROCESSING_MS;
      expect(persons.map((person) => company.requests(network, 'add', person))).toEqual(
        persons.map(() => 1),
      );
      expect(persons.map((person) => company.held(network, person))).toEqual(
        persons.map((person) => (person === first ? 0 : 1)),
      );
      expect((await reportOf(company, run)).waterfall).toMatchObject({ sent: 24, accepted: 24 });
      expect(company.sandbox.lists()).toHaveLength(1);
      expect(company.logs).toEqual([]);
    },
  );
});

describe('what fails', () => {
  const failing = (fails: (subjectIds: readonly string[]) => boolean): ReleaseContext => ({
    ...company.context,
    decide: async (tx, ask, subjectIds) => {
      if (fails(subjectIds)) throw new Error('no decision');
      return company.context.decide(tx, ask, subjectIds);
    },
  });

  it('keeps no other stop from being followed, and is followed once it can be', async () => {
    const { taro } = await heldAt(company, 'google', TARO, HANA);
    const [hana] = await company.db.query<{ id: string }>(
      `select subject_id as id from permissions.v_subject where ref = 'hana'`,
    );
    await company.stop({ subjectId: taro });
    await company.stop({ subjectId: hana?.id ?? '' });
    const context = failing((subjectIds) => subjectIds.includes(taro));
    await workerSteps(context)['stops']?.();
    await expect(workerSteps(context)['stops']?.()).rejects.toThrow('no decision');
    await workerSteps(context)['removals google']?.();
    const removals = () =>
      [TARO, HANA].map((person) => company.requests('google', 'remove', person));
    expect(removals()).toEqual([0, 1]);
    expect(company.logs).toContainEqual({ code: 'stop_not_followed', fields: { acts: 1 } });
    await rest(company.context, 'removals');
    expect(removals()).toEqual([1, 1]);
  });

  it('keeps no lease from ending', async () => {
    const { audience } = await heldAt(company, 'google', TARO);
    await company.run(audience);
    await workerSteps(company.context)['building']?.();
    company.clock.now += 31 * DAY;
    const context = failing(() => true);
    await expect(workerSteps(context)['building']?.()).rejects.toThrow('no decision');
    await workerSteps(context)['removals google']?.();
    expect(company.requests('google', 'remove', TARO)).toBe(1);
  });
});
