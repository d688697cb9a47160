import { OUTPUT_EVENTS } from '@kyoka/contracts';
import { DAY, MINUTE, SECOND } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import {
  changeSwitch,
  endAudience,
  readHoldings,
  readStops,
  type ReleaseContext,
  Worker,
} from '@kyoka/release';
import { eventually } from '@kyoka/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  type Network,
  openCompany,
  openShared,
  pass,
  type Person,
  PROCESSING_MS,
  reportOf,
  settle,
  type Shared,
} from './harness/index.js';

const TARO: Person = { ref: 'taro', email: 'taro@example.jp', phone: '090-1234-5678' };
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

async function heldAt(network: Network, ...persons: Person[]) {
  const ids = await company.enter(...persons);
  const audience = await company.audience(network);
  await company.run(audience);
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
  for (const person of persons) expect(company.held(network, person)).toBeGreaterThan(0);
  return { audience, taro: ids.get('taro') as string, ids };
}

async function stepsOf(stop: string): Promise<string[]> {
  const rows = await company.db.query<{ payload: { suspension: string } }>(
    `select payload from audiences.outbox where type = 'jp.kyoka.suspension.progressed.v1' order by id`,
  );
  return rows
    .map(({ payload }) => OUTPUT_EVENTS['jp.kyoka.suspension.progressed.v1'].data.parse(payload))
    .filter((data) => data.suspension === stop)
    .map(({ step }) => step);
}

const freeze = () =>
  queryable(company.permissions).query(
    `insert into permissions.freeze (id, purposes, channels, recipients, sources, set_by_role, set_by, reason, at)
     values (gen_random_uuid(), '{*}', '{*}', '{}', '{}', 'officer', 'user:officer', 'a leak', $1)`,
    [new Date(company.clock.now).toISOString()],
  );
const disable = (network: Network) =>
  changeSwitch(
    company.context.pool,
    { target: 'recipient', id: network },
    { act: 'off', reason: 'contract ended' },
    { by: 'user:sato', url: company.sandbox.urls[network], at: company.clock.now },
  );

describe('a suspension', () => {
  it.each([
    ['google', 'job_status'],
    ['meta', 'declared_time'],
  ] as const)('is carried through at %s, confirmed by %s', async (network, basis) => {
    const { taro } = await heldAt(network, TARO, HANA);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    const [open] = await readStops(company.db, [stop]);
    expect(open).toMatchObject({ kind: 'suspension', followed: true });
    expect(open?.removals).toHaveLength(2);
    for (const removal of open?.removals ?? []) {
      expect(removal).toMatchObject({ recipient: network, state: 'unconfirmed', subject: taro });
      expect(Date.parse(removal.until ?? '')).toBeGreaterThan(company.clock.now);
      expect(removal.sentAt).toBeDefined();
      expect(removal).not.toHaveProperty('confirmedAt');
    }
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const [ended] = await readStops(company.db, [stop]);
    for (const removal of ended?.removals ?? []) {
      expect(removal).toMatchObject({ state: 'confirmed', basis });
    }
    expect([company.held(network, TARO), company.held(network, HANA)]).toEqual([0, 1]);
    expect(await readHoldings(company.db, taro)).toEqual([]);
    expect([...new Set(await stepsOf(stop))]).toEqual([
      'removal_requested',
      'unconfirmed',
      'confirmed',
    ]);
  });

  it('needs no removal where nothing was sent', async () => {
    const ids = await company.enter(TARO);
    const stop = await company.stop({ subjectId: ids.get('taro') as string });
    await settle(company.context);
    expect(await readStops(company.db, [stop])).toMatchObject([{ followed: true, removals: [] }]);
  });

  it('between the choice and the gate is refused there', async () => {
    const ids = await company.enter(TARO, HANA);
    const run = await company.run(await company.audience('google'));
    let stopped = false;
    const context: ReleaseContext = {
      ...company.context,
      guard: {
        ...company.context.guard,
        mark: async (tx) => {
          if (!stopped) await company.stop({ subjectId: ids.get('taro') as string });
          stopped = true;
          return company.context.guard.mark(tx);
        },
      },
    };
    await settle(context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.requests('google', 'add', TARO)).toBe(0);
    expect(company.held('google', HANA)).toBe(1);
    expect((await reportOf(company, run)).waterfall).toMatchObject({
      permitted: 2,
      stoppedAtGate: 1,
      sent: 1,
    });
  });
});

describe('a removal needs no permission', () => {
  it.each<[string, (audience: string) => Promise<unknown>]>([
    ['under a freeze', freeze],
    ['for a disabled recipient', () => disable('google')],
    ['after the end of the audience', (id) => endAudience(company.context, id, 'user:sato')],
    [
      'after the policy was switched off',
      () =>
        changeSwitch(
          company.context.pool,
          { target: 'policy', id: 'almado@1' },
          { act: 'off', reason: 'new version' },
          { by: 'user:sato', at: company.clock.now },
        ),
    ],
  ])('%s', async (_, make) => {
    const { audience, taro } = await heldAt('google', TARO, HANA);
    await make(audience);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(0);
    expect((await readStops(company.db, [stop]))[0]?.removals.map(({ state }) => state)).toEqual([
      'confirmed',
      'confirmed',
    ]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a freeze', freeze, 'frozen'],
    ['a disabled recipient', () => disable('google'), 'recipient_disabled'],
  ])('while %s lets nothing new out, and leaves what is held', async (_, make, code) => {
    const { audience } = await heldAt('google', TARO);
    await company.enter(HANA);
    await make();
    const run = await company.run(audience);
    await settle(company.context);
    await pass(company, PROCESSING_MS, 5_000);
    expect((await reportOf(company, run)).waterfall).toMatchObject({ permitted: 0, sent: 0 });
    expect((await reportOf(company, run)).waterfall.minus.map((one) => one.code)).toContain(code);
    expect([company.held('google', TARO), company.held('google', HANA)]).toEqual([2, 0]);
  });
});

describe('people who share a contact point', () => {
  const sharer: Person = { ref: 'jiro', email: 'taro@example.jp', phone: '080-9999-8888' };

  it('are both taken out when one of them stops', async () => {
    const { taro } = await heldAt('google', TARO, sharer, HANA);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const held = [TARO, sharer, HANA].map((person) => company.held('google', person));
    expect(held).toEqual([0, 0, 1]);
    expect((await readStops(company.db, [stop]))[0]?.removals).toHaveLength(4);
  });

  it('are taken out when a stop names the contact point only', async () => {
    await heldAt('google', TARO, sharer, HANA);
    await company.stop({ fold: company.vault.token('email', 'taro@example.jp') });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const held = [TARO, sharer, HANA].map((person) => company.held('google', person));
    expect(held).toEqual([0, 0, 1]);
  });

  it('are taken out when the shared contact point comes in long after the stop', async () => {
    const { ids } = await heldAt('google', HANA);
    const [, stopped] = [...(await company.enter({ ...TARO, ordered: false })).values(), ''];
    expect(stopped).toBe('');
    const rows = await company.db.query<{ subject_id: string }>(
      `select subject_id from permissions.v_subject where ref = 'taro'`,
    );
    const stop = await company.stop({ subjectId: rows[0]?.subject_id ?? '' });
    await settle(company.context);
    expect(company.held('google', HANA)).toBe(1);
    await company.addContact(ids.get('hana') as string, 'phone', '090-1234-5678');
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', HANA)).toBe(0);
    expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
      { subject: ids.get('hana'), state: 'confirmed' },
    ]);
  });

  it('keep the contact point at the network when only one of them left the segment', async () => {
    const { ids } = await heldAt('google', TARO, { ...sharer, email: 'taro@example.jp' });
    await queryable(company.permissions).query(
      `delete from permissions.order_line where subject_id = $1`,
      [ids.get('taro')],
    );
    const [audience] = await company.db.query<{ id: string }>('select id from audiences.audience');
    await company.run(audience?.id ?? '');
    await settle(company.context);
    await pass(company, 5 * PROCESSING_MS, 5_000);
    expect(company.held('google', sharer)).toBe(2);
    expect(await readHoldings(company.db, ids.get('taro') as string)).toEqual([]);
  });
});

describe('a removal that the network does not carry out', () => {
  it('goes on, becomes overdue with an alarm, and is confirmed in the end', async () => {
    const { taro } = await heldAt('meta', TARO);
    company.sandbox.faults.add({ network: 'meta', op: 'remove', kind: '500', count: 1_000 });
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 12 * MINUTE, 30 * SECOND);
    const [late] = await readStops(company.db, [stop]);
    expect(late?.removals.map(({ state }) => state)).toEqual(['overdue', 'overdue']);
    expect(company.logs).toContainEqual(
      expect.objectContaining({ code: 'removal_overdue' }) as unknown,
    );
    expect(await stepsOf(stop)).toContain('overdue');
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
      const { taro } = await heldAt('google', TARO);
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
    const { taro } = await heldAt('google', TARO);
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

describe('the worker by itself', () => {
  it('follows a stop it is woken for, and drains when it is told to stop', async () => {
    const { taro } = await heldAt('google', TARO);
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
