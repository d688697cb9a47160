import { readHoldings, readStops, type ReleaseContext } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  type Network,
  drain,
  openCompany,
  openShared,
  pass,
  type Person,
  PROCESSING_MS,
  reportOf,
  settle,
  type Shared,
} from './harness/index.js';

const TARO: Person = { ref: 'taro', email: 'taro@example.jp' };
const HANA: Person = { ref: 'hana', email: 'hana@example.jp' };

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

async function started(network: Network, ...persons: Person[]) {
  const ids = await company.enter(...persons);
  const run = await company.run(await company.audience(network));
  await settle(company.context);
  return { ids, run };
}

const holdingOf = async (ids: ReadonlyMap<string, string>, { ref }: Person) =>
  (await readHoldings(company.db, ids.get(ref) as string)).map(({ state, certain }) => ({
    state,
    certain,
  }));

describe.each([
  ['meta', '500'],
  ['meta', 'cut_after'],
  ['meta', 'html'],
  ['meta', 'huge_reply'],
  ['meta', 'redirect'],
  ['meta', 'wrong_counts'],
  ['google', '500'],
  ['google', 'cut_after'],
] as const)('an add that %s answers with %s', (network, kind) => {
  it('counts as held, is removed by a stop, and is added again otherwise', async () => {
    company.sandbox.faults.add({ network, op: 'add', kind });
    const { ids, run } = await started(network, TARO, HANA);
    expect(await holdingOf(ids, TARO)).toEqual([{ state: 'held', certain: false }]);
    expect((await reportOf(company, run)).waterfall).toMatchObject({
      sent: 2,
      accepted: 0,
      unknown: 2,
    });
    await company.stop({ subjectId: ids.get('taro') as string });
    await settle(company.context);
    expect(company.requests(network, 'remove', TARO)).toBe(1);
    await pass(company, 6 * PROCESSING_MS, 5_000);
    expect([company.held(network, TARO), company.held(network, HANA)]).toEqual([0, 1]);
    expect(await holdingOf(ids, TARO)).toEqual([]);
    expect(await holdingOf(ids, HANA)).toEqual([{ state: 'held', certain: true }]);
  });
});

describe('a job of google', () => {
  it.each(['job_partial', 'job_failed', 'wrong_counts', 'drop_job'] as const)(
    'that ends with %s leaves everybody held and nobody certain',
    async (kind) => {
      company.sandbox.faults.add({ network: 'google', op: 'add', kind });
      const { ids, run } = await started('google', TARO, HANA);
      for (let step = 0; step < 70; step += 1) {
        if ((await holdingOf(ids, TARO))[0]?.state === 'held') break;
        await pass(company, 10_000, 10_000);
      }
      expect(await holdingOf(ids, TARO)).toEqual([{ state: 'held', certain: false }]);
      expect((await reportOf(company, run)).waterfall).toMatchObject({ accepted: 0, unknown: 2 });
      await pass(company, 4 * PROCESSING_MS, 20_000);
      expect(await holdingOf(ids, TARO)).toEqual([{ state: 'held', certain: true }]);
    },
  );
});

describe('a request that certainly took nobody', () => {
  it.each([
    ['google', '429'],
    ['google', 'cut_before'],
    ['meta', '429'],
  ] as const)('%s, %s: is repeated after a wait, through the gate', async (network, kind) => {
    company.sandbox.faults.add({ network, op: 'add', kind });
    const { ids } = await started(network, TARO);
    const [holding] = await holdingOf(ids, TARO);
    await company.stop({ subjectId: ids.get('taro') as string });
    await pass(company, 6 * PROCESSING_MS, 5_000);
    // A connection that was cut may have carried the body: only a refusal is certain.
    expect(holding?.certain ?? 'not held').toBe(kind === '429' ? 'not held' : false);
    expect(company.requests(network, 'add', TARO)).toBe(0);
    expect(await holdingOf(ids, TARO)).toEqual([]);
  });
});

describe('a bad record', () => {
  it('that the network names is refused alone, and never sent again by a later run', async () => {
    company.sandbox.faults.add({ network: 'google', op: 'add', kind: 'bad_record', index: 0 });
    const { run } = await started('google', TARO, HANA);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect((await reportOf(company, run)).waterfall).toMatchObject({
      sent: 2,
      accepted: 1,
      refusedByNetwork: 1,
      unknown: 0,
    });
    const held = [TARO, HANA].map((person) => company.held('google', person));
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(1);
    const [audience] = await company.db.query<{ id: string }>('select id from audiences.audience');
    await company.run(audience?.id ?? '');
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const sent = [TARO, HANA].map((person) => company.requests('google', 'add', person));
    expect([...sent].sort((a, b) => a - b)).toEqual([0, 1]);
  });

  it('that the network only counts leaves the whole batch in doubt', async () => {
    company.sandbox.faults.add({ network: 'meta', op: 'add', kind: 'bad_record', index: 0 });
    const { ids, run } = await started('meta', TARO, HANA);
    for (const person of [TARO, HANA]) {
      expect(await holdingOf(ids, person)).toEqual([{ state: 'held', certain: false }]);
    }
    expect((await reportOf(company, run)).waterfall).toMatchObject({ accepted: 0, unknown: 2 });
    const [attempt] = await company.db.query<{ received: number; invalid: number }>(
      'select received, invalid from audiences.attempt',
    );
    expect(attempt).toEqual({ received: 2, invalid: 1 });
  });
});

describe('a contact point without a match key', () => {
  it('is left out alone: it is neither held nor owed a removal', async () => {
    const both: Person = { ...TARO, phone: '090-1234-5678' };
    const ids = await company.enter(both, HANA);
    const taro = ids.get('taro') as string;
    const { matchKeyOf } = company.context;
    const context: ReleaseContext = {
      ...company.context,
      matchKeyOf: (network, contact) =>
        contact.subjectId === taro && contact.kind === 'email'
          ? undefined
          : matchKeyOf(network, contact),
    };
    const run = await company.run(await company.audience('google'));
    await drain(company, context);
    company.clock.now += PROCESSING_MS;
    expect([company.held('google', both), company.held('google', HANA)]).toEqual([1, 1]);
    expect(await holdingOf(ids, both)).toEqual([{ state: 'held', certain: true }]);
    expect((await reportOf(company, run)).waterfall).toMatchObject({ sent: 2, accepted: 2 });
    const stop = await company.stop({ subjectId: taro });
    await drain(company, context);
    company.clock.now += PROCESSING_MS;
    expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
      { state: 'confirmed' },
    ]);
    expect(company.held('google', both)).toBe(0);
  });
});
