import type { Connector } from '@kyoka/connector-kit';
import { readStops, type ReleaseContext } from '@kyoka/release';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Company,
  drain,
  type Network,
  openCompany,
  openShared,
  type Person,
  PROCESSING_MS,
  reportOf,
  type Shared,
} from './harness/index.js';

let shared: Shared;
let company: Company;

beforeAll(async () => {
  shared = await openShared();
  company = await openCompany(shared);
});
afterAll(async () => {
  await company.close();
  await shared.close();
});

/** A worker that dies at its `count`-th request to a network: it never comes back from it. */
function mortal(network: Network, count: number, when: 'before' | 'after') {
  const dead = Promise.withResolvers<void>();
  let left = count;
  const guard =
    <A extends unknown[], R>(call: (...asked: A) => Promise<R>) =>
    async (...asked: A): Promise<R> => {
      left -= 1;
      if (left !== 0) return call(...asked);
      if (when === 'after') await call(...asked);
      dead.resolve();
      return new Promise<never>(() => undefined);
    };
  const connector = company.context.connectors.get(network) as Connector;
  const { poll } = connector;
  const context: ReleaseContext = {
    ...company.context,
    connectors: new Map(company.context.connectors).set(network, {
      // One person a request, so that there are many.
      capabilities: { ...connector.capabilities, maxPersonsPerRequest: 1 },
      destination: connector.destination,
      add: guard(connector.add),
      remove: guard(connector.remove),
      ...(poll && { poll: guard(poll) }),
      ensureList: guard(connector.ensureList),
      close: connector.close,
    }),
  };
  return { context, dead: dead.promise, died: () => left <= 0 };
}

describe.each(['google', 'meta'] as const)('a worker killed at a request to %s', (network) => {
  it.each(['before', 'after'] as const)(
    '%s any of its requests: the next one goes on, and adds nobody who was removed',
    async (when) => {
      let count = 0;
      for (let died = true; died;) {
        count += 1;
        const mark = `${network}-${when}-${count}`;
        const persons: Person[] = ['stopped', 'a', 'b'].map((ref) => ({
          ref: `${mark}-${ref}`,
          email: `${mark}-${ref}@example.jp`,
          ordered: mark,
        }));
        const [taro, ...others] = persons as [Person, ...Person[]];
        const ids = await company.enter(...persons);
        const run = await company.run(await company.audience(network, { ordered: mark }));
        const first = mortal(network, count, when);
        let stop: string | undefined;
        const suspend = async () =>
          (stop ??= await company.stop({ subjectId: ids.get(taro.ref) as string }));
        const work = async () => {
          await drain(company, first.context);
          await suspend();
          await drain(company, first.context);
        };
        await Promise.race([work(), first.dead]);
        const id = await suspend();
        const passed = company.requests(network, 'add', taro);
        await drain(company, company.context);
        company.clock.now += PROCESSING_MS;
        died = first.died();

        expect([mark, company.requests(network, 'add', taro)]).toEqual([mark, passed]);
        expect([mark, company.held(network, taro)]).toEqual([mark, 0]);
        for (const person of others) {
          expect([mark, company.held(network, person)]).toEqual([mark, 1]);
        }
        const [report] = await readStops(company.db, [id]);
        expect(report?.removals.every(({ state }) => state === 'confirmed')).toBe(true);
        const { state, waterfall } = await reportOf(company, run);
        expect([mark, state]).toEqual([mark, 'finished']);
        expect(waterfall.toAdd).toBe(waterfall.stoppedAtGate + waterfall.sent);
      }
      // The list, three adds and a removal at the least.
      expect(count).toBeGreaterThan(5);
    },
    300_000,
  );
});
