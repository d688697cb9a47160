import { randomUUID } from 'node:crypto';
import { startClock } from '@kyoka/clock';
import { OUTPUT_EVENTS } from '@kyoka/contracts';
import { DAY, formatInstant, HOUR, type Instant, tokyoDay, tokyoDayBounds } from '@kyoka/kernel';
import { decidePersons, endedTerms, mergeSubjects, raiseConsents } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, openPool, type Pool, queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openShared, type Shared, START } from '../release/harness/index.js';
import { enterPersons } from '../release/harness/people.js';
import { runDue, tokyo, withTerms } from './timed.js';

const TYPE = 'jp.kyoka.permission.changed.v1';
const FOUR_MONTHS = { policy: { consents: { valid_months: 4 } }, store: { retention_days: 130 } };

/** However loaded the machine is: it only has to happen. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 30_000 });

let shared: Shared;
let database: TestDatabase;
let pool: Pool;
const clock = { now: START };
let policies: PolicySet;

beforeAll(async () => {
  shared = await openShared();
  database = await databaseForTests();
  pool = await openPool(database.url, {
    role: 'kyoka_permissions',
    max: 8,
    applicationName: 'test',
  });
});
beforeEach(async () => {
  clock.now = START;
  policies = withTerms(shared.policies, FOUR_MONTHS);
  const owner = await openPool(database.url, { max: 1, applicationName: 'test' });
  await queryable(owner).query(
    'truncate permissions.subject, permissions.term, permissions.outbox cascade',
  );
  await owner.destroy();
});
afterAll(async () => {
  await pool?.destroy();
  await database?.drop();
  await shared?.close();
});

const task = (chunk?: number) =>
  endedTerms({
    pool,
    policies: () => policies,
    clock: () => clock.now,
    ...(chunk === undefined ? {} : { chunk }),
  });
const moveTo = (moment: Instant, chunk?: number) => {
  clock.now = moment;
  return runDue([task(chunk)], () => clock.now);
};

/** People who came in, and granted, at these moments, in this order. */
async function cameIn(...moments: { acquired: Instant; granted: Instant }[]): Promise<string[]> {
  const people = moments.map((_, index) => ({ ref: `p${index}`, email: `p${index}@example.jp` }));
  const ids = await enterPersons(
    pool,
    shared.vault,
    people.map((person) => ({ ...person, consents: [] as const })),
  );
  const subjects = people.map(({ ref }) => ids.get(ref) as string);
  await inTransaction(pool, async (tx) => {
    await tx.query('update permissions.subject set acquired_at = null');
    await mergeSubjects(
      tx,
      moments.map(({ acquired: at }, index) => ({
        id: subjects[index] as string,
        acquired: { source: 'store', at, event: 'e', policyVersion: 'almado@1', noticeShown: true },
      })),
    );
    await raiseConsents(
      tx,
      moments.map(({ granted: at }, index) => ({
        subjectId: subjects[index] as string,
        purpose: 'info_product',
        channel: 'email',
        recipient: '',
        act: 'granted' as const,
        class: 'evidenced' as const,
        at,
        evidenceId: `ev-${index}`,
        actor: 'subject' as const,
        policyVersion: 'almado@1',
        entry: randomUUID(),
      })),
    );
  });
  return subjects;
}

interface Told {
  readonly expired: boolean;
  readonly retentionOver: boolean;
  /** How often something was told of the person. */
  readonly times: number;
}

/** What a reader of the topic knows of each of these people. */
async function told(subjects: readonly string[]): Promise<Told[]> {
  const rows = await queryable(pool).query<{ key: string; payload: unknown }>(
    'select key, payload from permissions.outbox where type = $1 order by id',
    [TYPE],
  );
  return subjects.map((id) => {
    const own = rows.filter(({ key }) => key === id);
    const last = own.at(-1);
    const state = last && OUTPUT_EVENTS[TYPE].data.parse(last.payload);
    return {
      expired: state?.permissions.some((one) => one.state === 'expired') ?? false,
      retentionOver: state?.retentionOver ?? false,
      times: own.length,
    };
  });
}

const JULY = tokyo('2026-07-31T12:00:00');
const AUGUST = tokyo('2026-08-15T23:59:59');

it('tells of a consent at the midnight at which it ends, once, and of nobody else', async () => {
  const people = await cameIn(
    { acquired: AUGUST, granted: AUGUST },
    { acquired: AUGUST, granted: AUGUST + 1_000 },
    { acquired: AUGUST, granted: AUGUST },
  );
  const end = tokyo('2026-12-16T00:00:00');
  expect(await moveTo(end - 1)).toBe(0);
  expect(await task().next?.()).toBe(end);
  expect(await moveTo(end)).toBe(2);
  expect(await moveTo(end + HOUR)).toBe(0);
  const one = { expired: true, retentionOver: false, times: 1 };
  expect(await told(people)).toEqual([one, { ...one, expired: false, times: 0 }, one]);
});

it('catches up batch by batch, however many share a moment', async () => {
  const same = Array.from({ length: 7 }, () => ({ acquired: START, granted: JULY }));
  const people = await cameIn(...same, { acquired: START, granted: JULY + 1 });
  expect(await moveTo(tokyo('2026-12-20T00:00:00'), 3)).toBeGreaterThanOrEqual(8);
  const state = await told(people);
  expect(state.every(({ expired }) => expired)).toBe(true);
});

it('tells that the time is over for which a source lets the data be used', async () => {
  const people = await cameIn({ acquired: AUGUST, granted: START });
  await moveTo(tokyo('2026-12-23T23:59:59'));
  expect(await told(people)).toMatchObject([{ retentionOver: false }]);
  await moveTo(tokyo('2026-12-24T00:00:00'));
  expect(await told(people)).toEqual([{ expired: false, retentionOver: true, times: 1 }]);
});

it('another term tells of those between the two, either way', async () => {
  const people = await cameIn(
    { acquired: START, granted: JULY },
    { acquired: START, granted: START },
  );
  await moveTo(tokyo('2026-12-16T00:00:00'));
  expect((await told(people)).map(({ expired }) => expired)).toEqual([true, false]);
  policies = withTerms(shared.policies, { policy: { consents: { valid_months: 6 } } });
  await moveTo(clock.now, 1);
  expect(await told(people)).toMatchObject([
    { expired: false, times: 2 },
    { expired: false, times: 0 },
  ]);
  policies = { ...policies, policies: new Map() };
  expect(await moveTo(clock.now)).toBe(0);
});

it('two processes tell of everybody once', async () => {
  const people = await cameIn(
    ...Array.from({ length: 30 }, (_, index) => ({ acquired: START, granted: JULY + index })),
  );
  clock.now = tokyo('2026-12-16T00:00:00');
  const faults: unknown[] = [];
  const clocks = [1, 2].map(() =>
    startClock({
      tasks: [task(4)],
      pool,
      clock: () => clock.now,
      everyMs: 5,
      onFault: (_, fault) => faults.push(fault),
    }),
  );
  await eventually(async () =>
    expect((await told(people)).every(({ expired }) => expired)).toBe(true),
  );
  await Promise.all(clocks.map((one) => one.stop()));
  expect(faults).toEqual([]);
  expect((await told(people)).map(({ times }) => times)).toEqual(people.map(() => 1));
});

it('at any moved time what was told says what is decided', async () => {
  const random = fc.sample(
    fc.record({
      acquired: fc.integer({ min: -200, max: -1 }),
      granted: fc.integer({ min: -200, max: -1 }),
      within: fc.constantFrom(0, 1, DAY - 1, 5 * HOUR),
    }),
    { numRuns: 40, seed: 3 },
  );
  const midnight = tokyoDayBounds(tokyoDay(START))?.first as Instant;
  const people = await cameIn(
    ...random.map(({ acquired, granted, within }) => ({
      acquired: midnight + acquired * DAY + within,
      granted: midnight + granted * DAY + within,
    })),
  );
  const seen = new Set<string>();
  for (const days of [0, 1, 2, 31, 32, 60]) {
    for (const at of [midnight + days * DAY, midnight + (days + 1) * DAY - 1]) {
      await moveTo(at, 5);
      const question = {
        policy: 'almado@1',
        at,
        request: {
          purpose: 'info_product',
          channel: 'email',
          contentOwner: 'own' as const,
          actor: 'user:a',
          use: { from: '2026-11-01', to: '2027-12-31', users: ['user:a'] },
        },
      };
      const decided = await decidePersons(queryable(pool), policies, question, people);
      const states = await told(people);
      decided.forEach(({ reasons }, index) => {
        const codes = reasons.map(({ code }) => code);
        const expected = [
          codes.includes('consent_expired'),
          codes.includes('source_retention_over'),
        ];
        const { expired, retentionOver } = states[index] as Told;
        expect([expired, retentionOver], `${index} at ${formatInstant(at)}`).toEqual(expected);
        seen.add(expected.join());
      });
    }
  }
  expect(seen.size).toBe(4);
});
