import { DAY, HOUR, type Instant } from '@kyoka/kernel';
import { defineAudience, endAudience, findAudience, readRun, releaseTasks } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HANA, openShared, settle, type Shared, START, TARO } from '../release/harness/index.js';
import { giveToken, revoke } from './rights.js';
import { openTimed, runDue, type TimedCompany, tokyo } from './timed.js';

let shared: Shared;
let company: TimedCompany;
let token: string;

beforeAll(async () => {
  shared = await openShared();
});
beforeEach(async () => {
  company = await openTimed(shared, { entitled: true });
  token = await giveToken(company.permissions, 'user:sato', { from: START, to: START + 90 * DAY });
});
afterEach(() => company.close());
afterAll(() => shared.close());

const define = (more: Partial<Parameters<typeof defineAudience>[1]> = {}) =>
  defineAudience(company.context, {
    name: 'skin-care',
    segment: { orders: { category: 'skin-care', within: 'P180D' } },
    policy: 'almado@1',
    purpose: 'ad_matching',
    contentOwner: 'own',
    recipient: 'google',
    period: { from: '2026-11-01', to: '2026-12-31' },
    users: ['user:sato'],
    owner: 'user:sato',
    cadence: 'PT6H',
    ...more,
  });

const runs = async (audience: string) => {
  const rows = await company.db.query<{ id: string }>(
    'select id from audiences.run where audience_id = $1 order by started_at',
    [audience],
  );
  return Promise.all(rows.map(async ({ id }) => readRun(company.db, id)));
};
const startsOf = async (audience: string): Promise<Instant[]> =>
  (await runs(audience)).map((run) => Date.parse(run?.startedAt ?? ''));
const ofAudience = (id: string) => findAudience(company.db, id);

describe('a cadence', () => {
  it('runs an audience for its owner at each of its turns, with nobody asking', async () => {
    await company.enter(TARO);
    const audience = await define();
    await company.moveTo(START);
    expect(company.held('google', TARO)).toBe(2);
    await company.enter(HANA);
    await company.moveTo(START + 6 * HOUR - 60_000);
    expect(company.held('google', HANA)).toBe(0);
    await company.moveTo(START + 6 * HOUR);
    expect(company.held('google', HANA)).toBe(1);
    expect(await startsOf(audience)).toEqual([START, START + 6 * HOUR]);
    const [first] = await runs(audience);
    expect(first).toMatchObject({ startedBy: 'user:sato', scheduled: true, state: 'finished' });
  });

  it('begins with the first day of the period, and ends with its last', async () => {
    const audience = await define({
      period: { from: '2026-11-25', to: '2026-11-25' },
      cadence: 'PT12H',
    });
    await company.moveTo(tokyo('2026-11-24T23:00:00'));
    expect(await startsOf(audience)).toEqual([]);
    const first = tokyo('2026-11-25T00:00:00');
    for (const hours of [0, 12, 24, 36]) await company.moveTo(first + hours * HOUR);
    expect(await startsOf(audience)).toEqual([first, first + 12 * HOUR]);
  });

  it('that missed many turns takes one, and keeps its rhythm', async () => {
    const audience = await define();
    await company.moveTo(START);
    await company.moveTo(START + 3 * DAY + 2 * HOUR);
    expect(await startsOf(audience)).toEqual([START, START + 3 * DAY + 2 * HOUR]);
    expect((await ofAudience(audience))?.nextRunAt).toBe(START + 3 * DAY + 6 * HOUR);
  });

  it('leaves a turn out while a run is active', async () => {
    await company.enter(TARO);
    const audience = await define();
    const tasks = releaseTasks(company.context);
    await runDue(tasks, () => company.clock.now);
    company.clock.now = START + 6 * HOUR;
    await runDue(tasks, () => company.clock.now);
    expect(await startsOf(audience)).toEqual([START]);
    await settle(company.context);
    await company.moveTo(START + 12 * HOUR);
    expect(await startsOf(audience)).toEqual([START, START + 12 * HOUR]);
  });

  it('ends with the audience', async () => {
    const audience = await define();
    await company.moveTo(START);
    await endAudience(company.context, audience, 'user:tanaka');
    await company.moveTo(START + DAY);
    expect(await startsOf(audience)).toEqual([START]);
  });

  it.each([
    ['a revoked token', () => revoke(company.permissions, token, START)],
    [
      'a token without the scope',
      async () => {
        await revoke(company.permissions, token, START);
        await giveToken(company.permissions, 'user:sato', {
          from: START,
          to: START + DAY,
          scopes: ['decisions:ask'],
        });
      },
    ],
  ])(
    'refuses a turn of an owner with %s, says so, and goes on once there is a right',
    async (_, end) => {
      const audience = await define();
      await end();
      await company.moveTo(START);
      expect(await startsOf(audience)).toEqual([]);
      expect((await ofAudience(audience))?.runRefusal).toEqual({
        code: 'owner_without_right',
        at: START,
      });
      expect(company.logs).toContainEqual({
        code: 'run_refused',
        fields: { audience, code: 'owner_without_right' },
      });
      await giveToken(company.permissions, 'user:sato', { from: START, to: START + DAY });
      await company.moveTo(START + 6 * HOUR);
      expect(await startsOf(audience)).toEqual([START + 6 * HOUR]);
      expect((await ofAudience(audience))?.runRefusal).toBeUndefined();
    },
  );

  it('runs for an owner whom a role names, and is refused from when they have it no more', async () => {
    const sato = { from: START, to: START + 90 * DAY };
    const named = await giveToken(company.permissions, 'user:sato', {
      ...sato,
      roles: ['marketing'],
    });
    await company.enter(TARO);
    const audience = await define({ users: ['role:marketing'], roles: ['marketing'] });
    await company.moveTo(START);
    expect(company.held('google', TARO)).toBe(2);
    await revoke(company.permissions, named, START);
    await company.enter(HANA);
    await company.moveTo(START + 6 * HOUR);
    expect(await startsOf(audience)).toEqual([START]);
    expect(company.held('google', HANA)).toBe(0);
    expect((await ofAudience(audience))?.runRefusal?.code).toBe('owner_not_named');
    await giveToken(company.permissions, 'user:sato', { ...sato, roles: ['auditor', 'marketing'] });
    await company.moveTo(START + 12 * HOUR);
    expect(company.held('google', HANA)).toBe(1);
  });

  it('is refused to who is not named', async () => {
    await expect(define({ users: ['user:tanaka'] })).rejects.toMatchObject({
      code: 'bad_input',
      faults: [{ field: 'users' }],
    });
    await expect(define({ users: ['role:marketing'], roles: ['auditor'] })).rejects.toMatchObject({
      faults: [{ field: 'users' }],
    });
    await expect(define({ cadence: 'PT30M' })).rejects.toMatchObject({
      faults: [{ field: 'cadence', expected: 'from PT1H to P7D' }],
    });
  });
});
