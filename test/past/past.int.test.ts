import type { DecisionAnswer, DecisionRequest } from '@kyoka/contracts';
import { DAY, formatInstant, type Instant } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../everybody/random.js';
import { onDatabase } from '../schema/catalog.js';
import { openPastCompany, type PastCompany, pause } from './past-company.js';
import { isLate, randomEvent, REFS, welcome } from './random-events.js';

const STEPS = 70;
const PEOPLE_ASKED = 8;

/** What was answered at a moment, and what was asked. */
interface Told {
  readonly at: Instant;
  readonly requests: readonly DecisionRequest[];
  readonly answers: readonly DecisionAnswer[];
}

let past: PastCompany;
const told: Told[] = [];
let late = 0;

beforeAll(async () => {
  past = await openPastCompany();
  const random = seeded(20_261_128);
  const { company } = past;
  for (let step = 0; step < STEPS; step += 1) {
    company.clock.now += pause(random);
    if (random.chance(0.35)) await past.act(random);
    const events = Array.from({ length: random.between(1, 6) }, (_, n) =>
      randomEvent(random, `e${step * 6 + n}`, company.clock.now),
    );
    events.push(...REFS.slice(step, step + 1).flatMap((ref) => welcome(ref, company.clock.now)));
    late += events.filter((event) => isLate(event, company.clock.now)).length;
    const [signed, others] = [events.slice(1), events.slice(0, 1)];
    await company.feed(...others);
    await company.feedSigned(...signed);
    const requests = Array.from({ length: PEOPLE_ASKED }, () => ({
      source: random.chance(0.9) ? 'store' : 'mall.rakuten',
      ref: random.one(REFS),
    })).flatMap((subject) => questionsAbout(subject, past.audience));
    told.push({ at: company.clock.now, requests, answers: await past.decide(requests) });
  }
  company.clock.now += DAY;
});
afterAll(() => past.close());

function questionsAbout(subject: DecisionRequest['subject'], audience: string): DecisionRequest[] {
  const ads = { purpose: 'ad_matching', channel: 'ads', recipient: 'google' };
  const about = (request: DecisionRequest['request']) => ({ policy: 'almado@1', subject, request });
  return [
    about({ purpose: 'info_product', channel: 'email' }),
    about({ purpose: 'info_product', channel: 'line' }),
    about({ purpose: 'order', channel: 'email' }),
    about({ purpose: 'info_product', channel: 'dm' }),
    about(ads),
    about({ ...ads, audience }),
    {
      ...about({ purpose: 'info_product', channel: 'email' }),
      subject: { contact: { kind: 'email', value: 'SomeoneElse+shop@gmail.com' } },
    },
  ];
}

/** Every answer that is another one when it is asked again. */
async function disagreements(some: readonly Told[]): Promise<object[]> {
  const found: object[] = [];
  for (const { at, requests, answers } of some) {
    const again = await past.decide(
      requests.map((request) => ({ ...request, at: formatInstant(at) })),
    );
    again.forEach(({ historical, ...answer }, index) => {
      expect(historical).toBe(true);
      const then = answers[index];
      if (JSON.stringify(answer) !== JSON.stringify(then)) {
        found.push({ at: formatInstant(at), asked: requests[index], given: then, again: answer });
      }
    });
  }
  return found;
}

it('every answer that was given is given again for its moment, with its reasons', async () => {
  const wrong = await disagreements(told);
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(wrong).toHaveLength(0);
});

it('what was asked is worth asking', () => {
  const answers = told.flatMap((one) => one.answers);
  const reasons = new Set(
    answers.flatMap(({ reasons: given = [] }) => given.map(({ code }) => code)),
  );
  expect(answers.length).toBeGreaterThan(3_000);
  expect(told.length * PEOPLE_ASKED).toBeGreaterThan(500);
  expect(answers.filter(({ allowed }) => allowed).length).toBeGreaterThan(200);
  expect(late).toBeGreaterThan(50);
  expect([...reasons].sort()).toEqual(
    expect.arrayContaining([
      'consent_missing',
      'consent_withdrawn',
      'contact_missing',
      'frozen',
      'ads_switch_off',
      'recipient_disabled',
      'status_cancelled',
      'suppressed_bounce',
      'suppressed_complaint',
      'suppressed_suspension',
      'unknown_policy',
      'unknown_subject',
    ]),
  );
});

describe('what would be a wrong past', () => {
  const FIFTH = () => told.filter((_, step) => step % 5 === 0);
  /** As the owner, who can put the rule aside that nothing is ever rewritten. */
  const rewritten = (table: string, change: string): Promise<void> =>
    onDatabase(past.company.database.url, async (db) => {
      await db.query(`alter table ${table} disable trigger append_only`);
      await db.query(change);
    });

  it('is found, as one that forgets what ended stops', async () => {
    await rewritten(
      'permissions.ledger',
      `update permissions.ledger set body = body #- '{changes,lifts}'`,
    );
    expect((await disagreements(FIFTH())).length).toBeGreaterThan(0);
  });

  it('is found, as one that knows what arrived later', async () => {
    await rewritten('permissions.block', `update permissions.block set at = '2000-01-01'`);
    expect((await disagreements(FIFTH())).length).toBeGreaterThan(50);
  });
});
