import { deepEqual, equal, notDeepEqual, notEqual, rejects } from 'node:assert/strict';
import { LIFETIME_DAYS, person, type ConformanceCase } from './bench.js';

export const SENDING_CASES: readonly ConformanceCase[] = [
  {
    what: 'sends nothing after its deadline',
    async run(bench) {
      const late = bench.request([person(1)]);
      bench.harness.advance(bench.connector.capabilities.sendDeadlineMs + 1);
      deepEqual(await bench.connector.add(late), { kind: 'not_sent', code: 'deadline_passed' });
      equal(bench.harness.network.requests(), 0);
    },
  },
  {
    what: 'sends nothing when the time passes while it prepares',
    async run(bench) {
      const slow = bench.harness.connect({
        token: async () => {
          bench.harness.advance(bench.connector.capabilities.sendDeadlineMs + 1);
          return 'never-sent';
        },
      });
      const outcome = await slow.add(bench.request([person(1)]));
      await slow.close();
      deepEqual(outcome, { kind: 'not_sent', code: 'deadline_passed' });
      equal(bench.harness.network.requests(), 0);
    },
  },
  {
    what: 'still sends at the last moment of its deadline',
    async run(bench) {
      const request = bench.request([person(1)]);
      bench.harness.advance(bench.connector.capabilities.sendDeadlineMs);
      bench.expectOutcome(await bench.connector.add(request), { kind: 'accepted' });
    },
  },
  {
    what: 'sends nothing once the caller aborted',
    async run(bench) {
      const request = bench.request([person(1)], { signal: AbortSignal.abort() });
      deepEqual(await bench.connector.add(request), { kind: 'not_sent', code: 'aborted' });
      equal(bench.harness.network.requests(), 0);
    },
  },
  {
    what: 'tells a network that it cannot reach from one that does not answer',
    async run(bench) {
      const nowhere = bench.harness.connect({ baseUrl: 'http://127.0.0.1:1' });
      deepEqual(await nowhere.add(bench.request([person(1)])), {
        kind: 'rejected',
        code: 'unreachable',
        retry: 'backoff',
      });
      await rejects(nowhere.ensureList('other', LIFETIME_DAYS), { code: 'network_unavailable' });
      await nowhere.close();
    },
  },
  {
    what: 'asks for a person when the token is refused or missing',
    async run(bench) {
      for (const token of [async () => 'stale', () => Promise.reject(new Error('no token'))]) {
        const locked = bench.harness.connect({ token });
        deepEqual(await locked.remove(bench.request([person(1)])), {
          kind: 'rejected',
          code: 'reauthorise',
          retry: 'after_change',
        });
        await rejects(locked.ensureList('other', LIFETIME_DAYS), { code: 'network_refused' });
        await locked.close();
      }
    },
  },
  {
    what: 'tells where its lists are by address and account, whoever asks',
    async run({ connector, harness }) {
      const same = harness.connect({ token: async () => 'another' });
      const nowhere = harness.connect({ baseUrl: 'http://127.0.0.1:1' });
      equal(same.destination, connector.destination);
      notEqual(nowhere.destination, connector.destination);
      await Promise.all([same.close(), nowhere.close()]);
    },
  },
  {
    what: 'finds a list again in place of making a second one',
    async run({ connector, list }) {
      deepEqual(await connector.ensureList('spring', LIFETIME_DAYS), list);
      const other = await connector.ensureList('a "quoted" name', LIFETIME_DAYS);
      notDeepEqual(other, list);
      deepEqual(await connector.ensureList('a "quoted" name', LIFETIME_DAYS), other);
    },
  },
  {
    what: 'refuses a list whose members live longer than asked for',
    async run({ connector, list }) {
      const again = connector.ensureList('spring', LIFETIME_DAYS - 1);
      if (connector.capabilities.memberLifetimeDays === null) deepEqual(await again, list);
      else await rejects(again, { code: 'conflict' });
    },
  },
];
