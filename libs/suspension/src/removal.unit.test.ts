import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddFacts,
  landsBy,
  type LastSend,
  lookAgainAt,
  nextStep,
  type RemovalFacts,
  type RemovalTimes,
  retryAt,
  type Step,
} from './index.js';

const JOBS: RemovalTimes = { basis: 'job_status', processingTimeMs: 100, giveUpAfterMs: 400 };
const CLOCKED: RemovalTimes = { basis: 'declared_time', processingTimeMs: 100, giveUpAfterMs: 400 };

describe('the moment after which an add cannot take effect', () => {
  it.each<[string, AddFacts, number | undefined]>([
    ['nothing was taken', { deadlineAt: 30, outcome: 'nothing_taken', answeredAt: 5 }, undefined],
    ['its sender never reported', { deadlineAt: 30, outcome: 'open' }, 130],
    ['nobody knows, reported in time', { deadlineAt: 30, outcome: 'unknown', answeredAt: 5 }, 130],
    ['nobody knows, a late sender', { deadlineAt: 30, outcome: 'unknown', answeredAt: 90 }, 190],
    [
      'taken, the network tells no state',
      { deadlineAt: 30, outcome: 'accepted', answeredAt: 5 },
      105,
    ],
    [
      'taken, its job runs',
      { deadlineAt: 30, outcome: 'accepted', answeredAt: 5, job: 'running' },
      405,
    ],
    [
      'taken, its job has ended',
      { deadlineAt: 30, outcome: 'accepted', answeredAt: 5, job: { endedAt: 60 } },
      60,
    ],
  ])('%s', (_, add, expected) => {
    expect(landsBy(add, JOBS)).toBe(expected);
  });
});

describe('the next step of a removal', () => {
  const requestedAt = 1000;
  const taken: LastSend = { sentAt: 1001, result: 'taken', answeredAt: 1002 };
  it.each<[string, Partial<RemovalFacts>, RemovalTimes, number, object]>([
    ['recorded: sent at once', {}, JOBS, 1000, { step: 'send', status: 'requested', dueBy: 1400 }],
    [
      'sent at once although an add still runs',
      { addsLandBy: 5000 },
      JOBS,
      1000,
      { step: 'send', status: 'requested', dueBy: 5400 },
    ],
    [
      'on its way',
      { last: { sentAt: 1001, result: 'open' } },
      JOBS,
      1002,
      { step: 'wait', until: 1400, status: 'unconfirmed', dueBy: 1400 },
    ],
    [
      'taken while an add may still land: waits for that moment, whatever the network says',
      { addsLandBy: 1200, last: { ...taken, result: 'complete' } },
      JOBS,
      1100,
      { step: 'wait', until: 1200, status: 'unconfirmed', dueBy: 1600 },
    ],
    [
      'and is sent again then',
      { addsLandBy: 1200, last: { ...taken, result: 'complete' } },
      JOBS,
      1200,
      { step: 'send', status: 'unconfirmed', dueBy: 1600 },
    ],
    [
      'the network says the last one is complete',
      { addsLandBy: 1000, last: { ...taken, result: 'complete' } },
      JOBS,
      1100,
      { step: 'confirm', basis: 'job_status', status: 'confirmed', dueBy: 1400 },
    ],
    [
      'an acceptance alone confirms nothing',
      { last: taken },
      JOBS,
      1399,
      { step: 'wait', until: 1400, status: 'unconfirmed', dueBy: 1400 },
    ],
    [
      'nor ever',
      { last: taken },
      JOBS,
      9000,
      { step: 'wait', until: 1400, status: 'overdue', dueBy: 1400 },
    ],
    [
      'declared time still runs',
      { last: taken },
      CLOCKED,
      1101,
      { step: 'wait', until: 1102, status: 'unconfirmed', dueBy: 1400 },
    ],
    [
      'declared time is over',
      { last: taken },
      CLOCKED,
      1102,
      { step: 'confirm', basis: 'declared_time', status: 'confirmed', dueBy: 1400 },
    ],
    [
      'the declared time is all the time there is: open until it is over, never late on the way',
      { last: { ...taken, answeredAt: 1350 } },
      CLOCKED,
      1449,
      { step: 'wait', until: 1450, status: 'unconfirmed', dueBy: 1450 },
    ],
    [
      'failed: waits for its next turn',
      { last: { sentAt: 1001, result: 'failed', answeredAt: 1002, retryAt: 1050 } },
      CLOCKED,
      1049,
      { step: 'wait', until: 1050, status: 'unconfirmed', dueBy: 1400 },
    ],
    [
      'failed for long: overdue, and still sent',
      { last: { sentAt: 1001, result: 'failed', answeredAt: 1002, retryAt: 1050 } },
      CLOCKED,
      2000,
      { step: 'send', status: 'overdue', dueBy: 1400 },
    ],
  ])('%s', (_, facts, times, now, expected) => {
    expect(nextStep({ requestedAt, ...facts }, times, now)).toEqual(expected);
  });

  it('is to be sent once more when a late sender reports after the confirmation', () => {
    const confirmed = {
      requestedAt,
      addsLandBy: 1000,
      last: { ...taken, result: 'complete' as const },
    };
    expect(nextStep(confirmed, JOBS, 3000).step).toBe('confirm');
    expect(nextStep({ ...confirmed, addsLandBy: 2900 }, JOBS, 3000).step).toBe('send');
  });
});

describe('any removal', () => {
  const instant = fc.integer({ min: 0, max: 3000 });
  const last: fc.Arbitrary<LastSend> = fc
    .record({
      sentAt: instant,
      took: fc.nat(200),
      result: fc.constantFrom('open', 'taken', 'complete', 'failed'),
    })
    .map(({ sentAt, took, result }) =>
      result === 'open'
        ? { sentAt, result }
        : { sentAt, result, answeredAt: sentAt + took, retryAt: sentAt + took + 50 },
    );
  const facts: fc.Arbitrary<RemovalFacts> = fc.record(
    { requestedAt: instant, addsLandBy: instant, last },
    { requiredKeys: ['requestedAt'] },
  );
  const times = fc.constantFrom(JOBS, CLOCKED);

  it('is confirmed only by a request recorded after the last moment an add may land', () => {
    fc.assert(
      fc.property(facts, times, instant, (removal, network, now) => {
        if (nextStep(removal, network, now).step === 'confirm') {
          expect(removal.last?.sentAt).toBeGreaterThanOrEqual(removal.addsLandBy ?? 0);
        }
      }),
    );
  });

  it('is confirmed, or open with a date and overdue after it', () => {
    fc.assert(
      fc.property(facts, times, instant, (removal, network, now) => {
        const { status, dueBy } = nextStep(removal, network, now);
        if (status !== 'confirmed') expect(status === 'overdue').toBe(now > dueBy);
        expect(dueBy).toBeGreaterThanOrEqual(removal.requestedAt + network.giveUpAfterMs);
      }),
    );
  });

  /** Plays one add and its removal against a network that works in any order within its declared time. */
  it('never loses to an add at a network that keeps its declared times', () => {
    const story = fc.record({
      gateAt: fc.nat(100),
      stopAt: fc.nat(400),
      takenAfter: fc.option(fc.nat(30)),
      reportAfter: fc.option(fc.nat(200)),
      addTakes: fc.nat(100),
      removals: fc.array(fc.record({ fails: fc.boolean(), takes: fc.nat(100) }), { maxLength: 8 }),
      network: times,
      jobKnown: fc.boolean(),
    });
    fc.assert(
      fc.property(story, (told) => {
        const deadlineAt = told.gateAt + 30;
        const takenAt = told.takenAfter === null ? undefined : told.gateAt + told.takenAfter;
        const addedAt = takenAt === undefined ? undefined : takenAt + told.addTakes;
        const reportedAt =
          told.reportAfter === null ? undefined : (takenAt ?? told.gateAt) + told.reportAfter;
        let requests = 0;
        let removedAt: number | undefined;
        let sent: { at: number; fails: boolean; endsAt: number } | undefined;
        for (let now = told.stopAt; now < 4000; now += 1) {
          const answered = reportedAt !== undefined && now >= reportedAt ? reportedAt : undefined;
          const job =
            !told.jobKnown || addedAt === undefined
              ? undefined
              : now >= Math.max(addedAt, reportedAt ?? 0)
                ? { endedAt: Math.max(addedAt, reportedAt ?? 0) }
                : ('running' as const);
          const add: AddFacts =
            answered === undefined
              ? { deadlineAt, outcome: now > deadlineAt + 50 ? 'unknown' : 'open' }
              : takenAt === undefined
                ? { deadlineAt, outcome: 'nothing_taken', answeredAt: answered }
                : { deadlineAt, outcome: 'accepted', answeredAt: answered, job };
          const lastSend: LastSend | undefined =
            sent === undefined
              ? undefined
              : sent.fails
                ? { sentAt: sent.at, result: 'failed', answeredAt: sent.at, retryAt: sent.at + 5 }
                : {
                    sentAt: sent.at,
                    result: now >= sent.endsAt ? 'complete' : 'taken',
                    answeredAt: sent.at,
                  };
          const step = nextStep(
            { requestedAt: told.stopAt, addsLandBy: landsBy(add, told.network), last: lastSend },
            told.network,
            now,
          );
          if (step.step === 'send') {
            const plan = told.removals[requests] ?? { fails: false, takes: 1 };
            requests += 1;
            sent = { at: now, fails: plan.fails, endsAt: now + plan.takes };
            if (!plan.fails) removedAt = sent.endsAt;
          }
          if (step.step === 'confirm') {
            expect(removedAt ?? -1).toBeGreaterThanOrEqual(addedAt ?? -1);
            return;
          }
        }
        expect.unreachable('a removal that never ended');
      }),
      { numRuns: 400 },
    );
  });
});

it('is repeated ever more slowly, never sooner than the network asks', () => {
  const waits = { firstMs: 10, mostMs: 100 };
  expect([1, 2, 3, 4, 5, 60].map((failures) => retryAt(0, failures, waits))).toEqual([
    10, 20, 40, 80, 100, 100,
  ]);
  expect(retryAt(0, 1, waits, 5000)).toBe(5000);
});

describe('when a removal is looked at again', () => {
  const waits = { firstMs: 10, mostMs: 500 };
  it.each<[string, Step, number]>([
    ['it is to be sent', { step: 'send', status: 'requested', dueBy: 900 }, 110],
    ['its next turn comes', { step: 'wait', status: 'unconfirmed', until: 300, dueBy: 900 }, 300],
    ['it becomes overdue', { step: 'wait', status: 'unconfirmed', until: 2000, dueBy: 900 }, 901],
    [
      'it is overdue, its turn comes',
      { step: 'wait', status: 'overdue', until: 130, dueBy: 90 },
      130,
    ],
    [
      'it is overdue, nothing was heard',
      { step: 'wait', status: 'overdue', until: 90, dueBy: 90 },
      600,
    ],
    ['its time ends now', { step: 'wait', status: 'unconfirmed', until: 100, dueBy: 100 }, 101],
  ])('%s', (_, step, expected) => {
    expect(lookAgainAt(step, 100, waits)).toBe(expected);
  });
});
