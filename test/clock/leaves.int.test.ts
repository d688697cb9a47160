import { DAY, SECOND } from '@kyoka/kernel';
import { registerRecipient, releaseTasks } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  HANA,
  heldAt,
  openShared,
  partyOf,
  settle,
  type Shared,
  START,
  TARO,
} from '../release/harness/index.js';
import { giveToken, standAs } from './rights.js';
import { openTimed, runDue, type TimedCompany, tokyo, withTerms } from './timed.js';

let shared: Shared;
let company: TimedCompany;

beforeAll(async () => {
  shared = await openShared();
});
afterEach(() => company.close());
afterAll(() => shared.close());

const open = async (terms: Parameters<typeof withTerms>[1] = {}) => {
  company = await openTimed({ ...shared, policies: withTerms(shared.policies, terms) });
};

/** Held a moment before the term ends, gone from the network once it has, with no event in between. */
async function leavesAt(end: number): Promise<void> {
  await company.moveTo(end - 1 - 60 * SECOND);
  expect(company.held('google', TARO)).toBe(2);
  await company.moveTo(end);
  expect(company.held('google', TARO)).toBe(0);
  expect(company.requests('google', 'remove', TARO)).toBeGreaterThan(0);
}

it('leaves at the end of the consent: consents of 15 August live four months, their last day included', async () => {
  await open({ policy: { consents: { valid_months: 4 } } });
  await heldAt(company, 'google', TARO);
  await leavesAt(tokyo('2026-12-17T00:00:00'));
});

it('leaves when the source lets the data be used no longer', async () => {
  await open({ store: { retention_days: 115 } });
  await heldAt(company, 'google', TARO);
  await leavesAt(tokyo('2026-12-10T00:00:00'));
});

it('leaves when the policy lets the data be used no longer', async () => {
  await open({ policy: { retention: { default_days: 115, clause: '1' } } });
  await heldAt(company, 'google', TARO);
  await leavesAt(tokyo('2026-12-10T00:00:00'));
});

it('leaves when the review of the recipient is overdue, and a review in time keeps it', async () => {
  await open();
  const reviewed = (reviewedAt: string) =>
    registerRecipient(
      company.context.pool,
      {
        id: 'google',
        network: 'google',
        kind: 'ad_network',
        basis: 'consent',
        contractRef: 'contract-google',
        useLimitRef: 'terms-google',
        items: ['hashed_email', 'hashed_phone'],
        reviewedAt,
        country: 'US',
        foreignBasis: 'consent',
        party: partyOf('google'),
      },
      'user:sato',
      company.clock.now,
    );
  await reviewed('2025-11-27');
  await heldAt(company, 'google', TARO, HANA);
  await company.moveTo(tokyo('2026-11-27T23:00:00'));
  await reviewed('2025-12-03');
  await leavesAt(tokyo('2026-12-04T00:00:00'));
  expect(company.held('google', HANA)).toBe(0);
});

it('leaves when the period of the audience is over', async () => {
  await open();
  await company.enter(TARO);
  await company.run(await company.audience('google', { to: '2026-12-05' }));
  await settle(company.context);
  await leavesAt(tokyo('2026-12-06T00:00:00'));
});

it('leaves when its lease is over and nothing may renew it', async () => {
  await open();
  await heldAt(company, 'google', TARO);
  await company.freeze();
  await company.moveTo(START + 29 * DAY);
  expect(company.held('google', TARO)).toBe(2);
  await company.moveTo(START + 30 * DAY + 2 * 60 * SECOND);
  expect(company.held('google', TARO)).toBe(0);
});

it('leaves at the end of its lease when the token of who filled the audience has ended', async () => {
  company = await openTimed(shared, { entitled: true });
  const ends = START + 20 * DAY;
  await giveToken(company.permissions, 'user:sato', { from: START, to: ends });
  await heldAt(company, 'google', TARO);
  await company.moveTo(ends + 9 * DAY);
  expect(company.held('google', TARO)).toBe(2);
  expect(company.requests('google', 'add', TARO)).toBe(1);
  await company.moveTo(START + 30 * DAY + 2 * 60 * SECOND);
  expect(company.held('google', TARO)).toBe(0);
});

it('and is renewed while they have another right', async () => {
  company = await openTimed(shared, { entitled: true });
  await giveToken(company.permissions, 'user:sato', { from: START, to: START + 20 * DAY });
  await heldAt(company, 'google', TARO);
  await giveToken(company.permissions, 'user:sato', { from: START, to: START + 90 * DAY });
  await company.moveTo(START + 29 * DAY);
  await company.moveTo(START + 31 * DAY);
  expect(company.held('google', TARO)).toBe(2);
  expect(company.requests('google', 'add', TARO)).toBe(2);
});

it('leaves at the end of its lease when who filled the audience lost the role that it names', async () => {
  company = await openTimed(shared, { entitled: true });
  const until = START + 90 * DAY;
  const sato = (roles: string[]) =>
    standAs(company.permissions, 'user:sato', { roles, at: START, until });
  await sato(['marketing']);
  await company.enter(TARO);
  const audience = await company.audience('google', {
    users: ['role:marketing'],
    to: '2027-03-31',
  });
  await company.run(audience, 'user:sato', 'first', ['marketing']);
  await company.moveTo(START);
  await company.moveTo(START + 29 * DAY);
  expect(company.requests('google', 'add', TARO)).toBe(2);
  await sato(['auditor']);
  await company.moveTo(START + 58 * DAY);
  expect(company.held('google', TARO)).toBe(2);
  await company.moveTo(START + 59 * DAY + 2 * 60 * SECOND);
  expect(company.held('google', TARO)).toBe(0);
  expect(company.requests('google', 'add', TARO)).toBe(2);
});

it('a time in which nothing ran is caught up on', async () => {
  await open({ policy: { consents: { valid_months: 4 } } });
  await heldAt(company, 'google', TARO);
  await company.moveTo(tokyo('2026-12-18T10:00:00'));
  expect(company.held('google', TARO)).toBe(0);
});

it('one about whom nothing can be decided keeps nobody else there, is told of, and leaves later', async () => {
  await open({ policy: { consents: { valid_months: 4 } } });
  const { ids, taro } = await heldAt(company, 'google', TARO, HANA);
  const end = tokyo('2026-12-17T00:00:00');
  company.clock.now = end;
  const { decide } = company.context;
  let poisoned: string | undefined = taro;
  const tasks = releaseTasks({
    ...company.context,
    decide: async (tx, ask, subjects) => {
      if (poisoned !== undefined && subjects.includes(poisoned)) await tx.query('select 1 / 0');
      return decide(tx, ask, subjects);
    },
  });
  await runDue(tasks, () => company.clock.now);
  const live = async () =>
    (
      await company.db.query<{ id: string }>(
        `select distinct subject_id as id from audiences.member where state in ('wanted', 'sending', 'processing', 'held')`,
      )
    ).map(({ id }) => id);
  expect(ids.size).toBe(2);
  expect(await live()).toEqual([taro]);
  const told = company.logs.filter(({ code }) => code === 'due_item_failed');
  expect(told.map(({ fields }) => fields)).toEqual([
    { op: 'audiences.members', subject: taro, code: 'database_refused' },
  ]);
  poisoned = undefined;
  company.clock.now = end + 4 * 60 * SECOND;
  await runDue(tasks, () => company.clock.now);
  expect(await live()).toEqual([taro]);
  company.clock.now = end + 5 * 60 * SECOND;
  await runDue(tasks, () => company.clock.now);
  expect(await live()).toEqual([]);
});

it('control: without the clock the worker leaves it there', async () => {
  await open({ policy: { consents: { valid_months: 4 } } });
  await heldAt(company, 'google', TARO);
  company.clock.now = tokyo('2026-12-18T10:00:00');
  await settle(company.context);
  expect(company.held('google', TARO)).toBe(2);
});
