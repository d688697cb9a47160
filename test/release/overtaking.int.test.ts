import { SECOND } from '@kyoka/kernel';
import type { Connector } from '@kyoka/connector-kit';
import { readStops, type ReleaseContext } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  drain,
  type Network,
  openCompany,
  openShared,
  pass,
  type Person,
  PROCESSING_MS,
  rest,
  settle,
  type Shared,
} from './harness/index.js';

const TARO: Person = { ref: 'taro', email: 'taro@example.jp' };
const DEADLINE_MS = 30 * SECOND;

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

const removals = (network: Network) => company.requests(network, 'remove', TARO);

async function chosen(network: Network): Promise<string> {
  const ids = await company.enter(TARO);
  await company.run(await company.audience(network));
  return ids.get('taro') as string;
}

const statesOf = async (stop: string) =>
  (await readStops(company.db, [stop]))[0]?.removals.map(({ state }) => state);

/** The company's parts, with a sender of our own. */
const sending = (network: Network, add: (connector: Connector) => Connector['add']) => {
  const connector = company.context.connectors.get(network) as Connector;
  const connectors = new Map(company.context.connectors);
  return {
    ...company.context,
    connectors: connectors.set(network, { ...connector, add: add(connector) }),
  } satisfies ReleaseContext;
};

describe('a removal that overtakes an add', () => {
  it('is sent at once, and again when the job of the add has ended; only that one confirms', async () => {
    const taro = await chosen('google');
    await settle(company.context);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    expect(removals('google')).toBe(1);
    let ended = false;
    while (!ended) {
      expect(removals('google')).toBe(1);
      expect(await statesOf(stop)).toEqual(['unconfirmed']);
      company.clock.now += SECOND;
      await settle(company.context);
      const [add] = await company.db.query<{ job_state: string }>(
        `select job_state from audiences.attempt where op = 'add'`,
      );
      ended = add?.job_state !== 'running';
    }
    await settle(company.context);
    expect(removals('google')).toBe(2);
    expect(await statesOf(stop)).toEqual(['unconfirmed']);
    await drain(company, company.context);
    expect([await statesOf(stop), removals('google')]).toEqual([['confirmed'], 2]);
  });

  it('is sent again after the declared time where the network tells of no job', async () => {
    const taro = await chosen('meta');
    await settle(company.context);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, PROCESSING_MS - 1, SECOND);
    expect(removals('meta')).toBe(1);
    await pass(company, 1);
    expect(removals('meta')).toBe(2);
    await pass(company, PROCESSING_MS - 1, 5 * SECOND);
    expect(await statesOf(stop)).toEqual(['unconfirmed']);
    await pass(company, 1);
    expect(await statesOf(stop)).toEqual(['confirmed']);
  });

  it('is sent again after deadline and declared time where the sender died', async () => {
    const taro = await chosen('google');
    const sent = Promise.withResolvers<void>();
    const dying = sending('google', (connector) => async (request) => {
      await connector.add(request);
      sent.resolve();
      return new Promise<never>(() => undefined);
    });
    await Promise.race([rest(dying, 'releases'), sent.promise]);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    expect(removals('google')).toBe(1);
    await pass(company, DEADLINE_MS + PROCESSING_MS - 1, 5 * SECOND);
    expect(removals('google')).toBe(1);
    await pass(company, 1);
    expect(removals('google')).toBe(2);
    await drain(company, company.context);
    company.clock.now += PROCESSING_MS;
    expect(await statesOf(stop)).toEqual(['confirmed']);
    expect(company.held('google', TARO)).toBe(0);
  });

  it('is opened and sent once more when a stalled sender reports after it was confirmed', async () => {
    const taro = await chosen('meta');
    const taken = Promise.withResolvers<void>();
    const awake = Promise.withResolvers<void>();
    const stalling = sending('meta', (connector) => async (request) => {
      taken.resolve();
      await awake.promise;
      // Its own clock stood still, so that it sends although the deadline is over.
      return connector.add({ ...request, deadline: Infinity });
    });
    const stalled = rest(stalling, 'releases');
    await taken.promise;
    const stop = await company.stop({ subjectId: taro });
    await drain(company, company.context);
    expect(await statesOf(stop)).toEqual(['confirmed']);
    const before = removals('meta');
    awake.resolve();
    await stalled;
    expect(await statesOf(stop)).toEqual(['unconfirmed']);
    await drain(company, company.context);
    company.clock.now += PROCESSING_MS;
    expect(await statesOf(stop)).toEqual(['confirmed']);
    expect(removals('meta')).toBeGreaterThan(before);
    expect(company.held('meta', TARO)).toBe(0);
  });

  it('that is opened again is told to a stop that came while it was confirmed', async () => {
    const taro = await chosen('meta');
    const taken = Promise.withResolvers<void>();
    const awake = Promise.withResolvers<void>();
    const stalling = sending('meta', (connector) => async (request) => {
      taken.resolve();
      await awake.promise;
      return connector.add({ ...request, deadline: Infinity });
    });
    const stalled = rest(stalling, 'releases');
    await taken.promise;
    await company.stop({ subjectId: taro }, { kind: 'withdrawal' });
    await drain(company, company.context);
    const suspension = await company.stop({ subjectId: taro });
    await drain(company, company.context);
    expect(await statesOf(suspension)).toEqual([]);
    awake.resolve();
    await stalled;
    expect(await statesOf(suspension)).toEqual(['unconfirmed']);
    await drain(company, company.context);
    expect(await statesOf(suspension)).toEqual(['confirmed']);
  });

  it('is not sent again after an add that certainly took nobody', async () => {
    const taro = await chosen('meta');
    const parts = sending('meta', (connector) => async (request) => {
      await company.stop({ subjectId: taro });
      await rest(company.context, 'removals');
      return connector.add(request);
    });
    company.sandbox.faults.add({ network: 'meta', op: 'add', kind: '429' });
    await rest(parts, 'releases');
    await drain(company, company.context);
    expect(removals('meta')).toBe(1);
  });
});

describe('an attempt', () => {
  it('that comes to its deadline before its first byte sends nothing', async () => {
    const taro = await chosen('google');
    const late = sending('google', (connector) => (request) => {
      company.clock.now += DEADLINE_MS + 1;
      return connector.add(request);
    });
    await rest(late, 'releases');
    expect(company.requests('google', 'add', TARO)).toBe(0);
    await company.stop({ subjectId: taro });
    await drain(company, company.context);
    expect(removals('google')).toBe(0);
  });
});
