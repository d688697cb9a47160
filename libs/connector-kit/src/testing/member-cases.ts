import { equal } from 'node:assert/strict';
import { DAY } from '@kyoka/kernel';
import type { Member } from '../connector.js';
import type { SendOutcome } from '../outcome.js';
import { splitIntoRequests } from '../requests.js';
import { key, LIFETIME_DAYS, person, type Bench, type ConformanceCase } from './bench.js';

const WHOLE: Partial<SendOutcome> = { kind: 'accepted', invalid: 0, accountedFor: true };

function unsendable({ connector }: Bench): { members: Member[]; outcome: Partial<SendOutcome> }[] {
  const { maxPersonsPerRequest, maxIdentifiersPerPerson } = connector.capabilities;
  const refused = (code: 'too_many' | 'bad_request' | 'malformed_match_key') =>
    ({ kind: 'rejected', code }) as const;
  const malformed = (at: number) => ({ ...refused('malformed_match_key'), offenders: [at] });
  const many = (count: number) => Array.from({ length: count }, (_, at) => at);
  return [
    { members: many(maxPersonsPerRequest + 1).map(person), outcome: refused('too_many') },
    {
      members: [{ emails: many(maxIdentifiersPerPerson + 1).map(key), phones: [] }],
      outcome: refused('too_many'),
    },
    { members: [], outcome: refused('bad_request') },
    {
      members: [person(1), { emails: ['taro@example.jp'], phones: [] }, person(2)],
      outcome: malformed(1),
    },
    { members: [{ emails: ['A'.repeat(64)], phones: [] }], outcome: malformed(0) },
    { members: [person(1), person(2), { emails: [], phones: [] }], outcome: malformed(2) },
  ];
}

export const MEMBER_CASES: readonly ConformanceCase[] = [
  {
    what: 'adds people, removes one of them, and both are confirmed',
    async run(bench) {
      const added = await bench.add(person(1), person(2), person(3));
      bench.expectOutcome(added, WHOLE);
      bench.process();
      equal(await bench.confirmed(added), true);

      const removed = await bench.remove(person(2));
      bench.process();
      equal(await bench.confirmed(removed), true);
      bench.expectHeld(person(1), person(3));
    },
  },
  {
    what: 'sends every identifier of a person that has several',
    async run(bench) {
      const several = { emails: [key(1), key(2), key(3)], phones: [key(4), key(5)] };
      await bench.add(several);
      bench.process();
      bench.expectHeld(several);
      await bench.remove(several);
      bench.process();
      bench.expectHeld();
    },
  },
  {
    what: 'confirms the removal of somebody who was never there',
    async run(bench) {
      const removed = await bench.remove(person(9));
      bench.process();
      equal(await bench.confirmed(removed), true);
    },
  },
  {
    what: 'refuses what it must not send before a byte leaves',
    async run(bench) {
      for (const { members, outcome } of unsendable(bench)) {
        bench.expectOutcome(await bench.add(...members), outcome);
        bench.expectOutcome(await bench.remove(...members), outcome);
      }
      equal(bench.harness.network.requests(), 0);
    },
  },
  {
    what: 'takes what the split makes of people beyond its limits',
    async run(bench) {
      const { capabilities } = bench.connector;
      const count = capabilities.maxPersonsPerRequest + 1;
      const emails = Array.from({ length: capabilities.maxIdentifiersPerPerson + 3 }, (_, at) =>
        key(100 * count + at),
      );
      const rich = { emails, phones: [key(99 * count)] };
      const members = [rich, ...Array.from({ length: count }, (_, at) => person(at))];
      for (const part of splitIntoRequests(members, capabilities)) {
        bench.expectOutcome(await bench.add(...part), WHOLE);
      }
      bench.process();
      bench.expectHeld(...members);
    },
  },
  {
    what: 'lets members end with their lifetime, unless added again',
    async run(bench) {
      const endless = bench.connector.capabilities.memberLifetimeDays === null;
      await bench.add(person(1), person(2));
      bench.harness.advance((LIFETIME_DAYS / 2) * DAY);
      await bench.add(person(2));
      bench.harness.advance((LIFETIME_DAYS / 2 + 1) * DAY);
      bench.expectHeld(...(endless ? [person(1), person(2)] : [person(2)]));
      bench.harness.advance(LIFETIME_DAYS * DAY);
      bench.expectHeld(...(endless ? [person(1), person(2)] : []));
    },
  },
  {
    what: 'needs a second removal where an addition is processed after the first',
    async run(bench) {
      bench.harness.network.nextProcessing(0.9, 0.1);
      await bench.add(person(1));
      const early = await bench.remove(person(1));
      bench.process();
      equal(await bench.confirmed(early), true);
      bench.expectHeld(person(1));

      await bench.remove(person(1));
      bench.process();
      bench.expectHeld();
    },
  },
];
