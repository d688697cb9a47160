import { type Connector, rejected } from '@kyoka/connector-kit';
import { KyokaError, MINUTE, SECOND } from '@kyoka/kernel';
import type { ReleaseContext } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Company,
  drain,
  openCompany,
  openShared,
  PROCESSING_MS,
  reportOf,
  rest,
  type Shared,
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

function withAdd(add: (google: Connector) => Connector['add']): ReleaseContext {
  const google = company.context.connectors.get('google') as Connector;
  return {
    ...company.context,
    connectors: new Map(company.context.connectors).set('google', { ...google, add: add(google) }),
  };
}

const retryAt = async () => {
  const [row] = await company.db.query<{ retry_at: Date | null }>(
    'select retry_at from audiences.audience',
  );
  return row?.retry_at?.getTime() ?? 0;
};

it('an add that fails is tried again after waits that double, about a few people, until it is taken', async () => {
  await company.enter(...CROWD);
  await company.run(await company.audience('google'));
  let away = true;
  const sizes: number[] = [];
  const context = withAdd((google) => async (request) => {
    sizes.push(request.members.length);
    return away ? rejected('unreachable') : google.add(request);
  });
  const waits: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    await rest(context, 'releases');
    waits.push((await retryAt()) - company.clock.now);
    company.clock.now = await retryAt();
  }
  expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240].map((seconds) => seconds * SECOND));
  expect(waits.slice(-2)).toEqual([60 * MINUTE, 60 * MINUTE]);
  expect(sizes).toEqual([40, ...Array.from({ length: 8 }, () => 10)]);
  away = false;
  await rest(context, 'releases');
  expect(sizes.slice(9)).toEqual([10, 30]);
});

it('a record that the network refuses without naming it is found, and everybody else is added', async () => {
  const ids = await company.enter(...CROWD);
  const run = await company.run(await company.audience('google'));
  const [bad] = CROWD as [(typeof CROWD)[0]];
  const keyOf = new Map<string, string | undefined>();
  const google = withAdd(
    (connector) => async (request) =>
      request.members.some(({ emails }) => emails.includes(keyOf.get(bad.ref) ?? ''))
        ? rejected('bad_request')
        : connector.add(request),
  );
  const context: ReleaseContext = {
    ...google,
    matchKeyOf: async (network, contact) => {
      const key = await google.matchKeyOf(network, contact);
      if (contact.subjectId === ids.get(bad.ref)) keyOf.set(bad.ref, key);
      return key;
    },
  };
  await drain(company, context);
  company.clock.now += PROCESSING_MS;
  expect(CROWD.filter((person) => company.held('google', person) === 0)).toEqual([bad]);
  const { state, waterfall } = await reportOf(company, run);
  expect([state, waterfall.refusedByNetwork, waterfall.accepted]).toEqual(['finished', 1, 39]);
});

it('a network that refuses everything is fed nobody one after another', async () => {
  await company.enter(...CROWD);
  await company.run(await company.audience('google'));
  const context = withAdd(() => () => Promise.resolve(rejected('bad_request')));
  await rest(context, 'releases');
  for (let hours = 0; hours < 5; hours += 1) {
    company.clock.now += 60 * MINUTE;
    await rest(context, 'releases');
  }
  const refused = await company.db.query(`select from audiences.member where state = 'refused'`);
  expect(refused).toHaveLength(6);
});

it('a list that can not be made is tried again after waits that double', async () => {
  await company.enter(...CROWD);
  await company.run(await company.audience('google'));
  const google = company.context.connectors.get('google') as Connector;
  const ensureList = () => Promise.reject(new KyokaError('network_unavailable', 'away'));
  const context: ReleaseContext = {
    ...company.context,
    connectors: new Map(company.context.connectors).set('google', { ...google, ensureList }),
  };
  const waits: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await rest(context, 'releases');
    waits.push((await retryAt()) - company.clock.now);
    company.clock.now = await retryAt();
  }
  expect(waits).toEqual([30, 60, 120].map((seconds) => seconds * SECOND));
  await rest(company.context, 'releases');
  expect(company.requests('google', 'add', CROWD[0] as (typeof CROWD)[0])).toBe(1);
});
