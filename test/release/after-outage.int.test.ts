import type { Connector } from '@kyoka/connector-kit';
import { SECOND } from '@kyoka/kernel';
import { endAudience, type ReleaseContext, workerSteps } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  heldAt,
  openCompany,
  openShared,
  pass,
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

const CROWD = Array.from({ length: 40 }, (_, index) => ({
  ref: `p${index}`,
  email: `p${index}@example.jp`,
}));

function asGoogle(change: (google: Connector) => Partial<Connector>): ReleaseContext {
  const google = company.context.connectors.get('google') as Connector;
  return {
    ...company.context,
    connectors: new Map(company.context.connectors).set('google', { ...google, ...change(google) }),
  };
}

/** How many people each removal named that the network took, in the order of its journal. */
const removalSizes = () =>
  company.sandbox.journal
    .entries()
    .flatMap((entry) =>
      entry.kind === 'request' && entry.op === 'remove' && entry.outcome === 'taken'
        ? [entry.members?.length ?? 0]
        : [],
    );

const attemptsOf = (op: 'add' | 'remove') =>
  company.db.query<{ state: string; persons: number; seconds: number }>(
    `select state, persons, extract(epoch from deadline_at - gate_at)::integer as seconds
     from audiences.attempt where op = $1 order by gate_at`,
    [op],
  );

describe('removals after an outage', () => {
  it('go as large as before it', async () => {
    const { audience } = await heldAt(company, 'google', ...CROWD);
    company.sandbox.faults.add({ network: 'google', op: 'remove', kind: '429', count: 3 });
    await endAudience(company.context, audience, 'user:sato');
    await pass(company, 400 * SECOND, 20 * SECOND);
    expect(removalSizes()).toEqual([CROWD.length]);
  });

  it('are recorded one by one, each with the whole of its deadline', async () => {
    const { audience } = await heldAt(company, 'google', ...CROWD);
    await endAudience(company.context, audience, 'user:sato');
    const context = asGoogle((google) => ({
      capabilities: { ...google.capabilities, maxPersonsPerRequest: 10 },
      remove: async (request) => {
        company.clock.now += 20 * SECOND;
        return google.remove(request);
      },
    }));
    await workerSteps(context)['building']?.();
    await rest(context, 'removals');
    const sent = await attemptsOf('remove');
    expect(sent).toEqual(
      Array.from({ length: 4 }, () => ({ state: 'accepted', persons: 10, seconds: 30 })),
    );
  });

  it('let a stop go first that came meanwhile', async () => {
    const { ids } = await heldAt(company, 'google', ...CROWD, HANA);
    const stop = (ref: string) => company.stop({ subjectId: ids.get(ref) as string });
    company.sandbox.faults.add({ network: 'google', op: 'remove', kind: '429' });
    for (const { ref } of CROWD) await stop(ref);
    await rest(company.context, 'removals');
    company.clock.now += 60 * SECOND;
    await stop(HANA.ref);
    const context = asGoogle(({ capabilities }) => ({
      capabilities: { ...capabilities, maxPersonsPerRequest: 10 },
    }));
    await workerSteps(context)['stops']?.();
    await workerSteps(context)['removals google']?.();
    expect(removalSizes()).toEqual([10]);
    expect(company.requests('google', 'remove', HANA)).toBe(1);
  });
});

describe('a network that asks to wait', () => {
  it('is sent nothing before that, not even what is new', async () => {
    const { ids } = await heldAt(company, 'google', TARO, HANA);
    const stop = (ref: string) => company.stop({ subjectId: ids.get(ref) as string });
    const fault = { network: 'google', op: 'remove', kind: '429', retryAfter: '120' } as const;
    company.sandbox.faults.add(fault);
    await stop(TARO.ref);
    await rest(company.context, 'removals');
    await stop(HANA.ref);
    await pass(company, 110 * SECOND, 10 * SECOND);
    expect(await attemptsOf('remove')).toHaveLength(1);
    await pass(company, 20 * SECOND, 10 * SECOND);
    expect(company.requests('google', 'remove', HANA)).toBe(1);
  });

  it('is sent no more than its quota, removals before adds', async () => {
    const { audience } = await heldAt(company, 'google', ...CROWD);
    await endAudience(company.context, audience, 'user:sato');
    await company.enter(TARO, HANA);
    await company.run(await company.audience('google'));
    const context = asGoogle(({ capabilities }) => ({
      capabilities: {
        ...capabilities,
        maxPersonsPerRequest: 1,
        quota: [{ requests: 10, perMs: 60 * SECOND }],
      },
    }));
    company.clock.now += 60 * SECOND;
    await rest(context, 'releases');
    await rest(context, 'removals');
    expect(await attemptsOf('remove')).toHaveLength(1);
    for (const sent of [11, 21]) {
      company.clock.now += 60 * SECOND;
      await rest(context, 'removals');
      expect(await attemptsOf('remove')).toHaveLength(sent);
    }
  });
});
