import { doesNotMatch, equal } from 'node:assert/strict';
import { MINUTE, SECOND, type Instant } from '@kyoka/kernel';
import type { SendOutcome, UnknownCode } from '../outcome.js';
import { MAX_RETRY_AFTER_MS } from '../retry-after.js';
import { person, type ConformanceCase } from './bench.js';
import type { ConformanceFault } from './harness.js';

interface FaultRow {
  readonly what: string;
  readonly fault: (now: Instant) => ConformanceFault;
  readonly outcome: Partial<SendOutcome>;
  /** In place of the connector's own, which is longer than any test waits. */
  readonly replyTimeoutMs?: number;
  /** Whether the network has taken it all the same. */
  readonly taken: boolean;
}

const unknown = (code: UnknownCode): Partial<SendOutcome> => ({ kind: 'unknown', code });
const limited = (retryAfterMs: number): Partial<SendOutcome> => ({
  kind: 'rejected',
  code: 'rate_limited',
  retry: 'backoff',
  retryAfterMs,
});

/** A match key, or half of one. */
const MATCH_KEY = /[0-9a-f]{32}/;

/** What must come of each fault of a network on a write, the same for every connector. */
const ROWS: readonly FaultRow[] = [
  {
    what: 'too many requests, with seconds to wait',
    fault: () => ({ kind: '429', retryAfter: '7' }),
    outcome: limited(7 * SECOND),
    taken: false,
  },
  {
    what: 'too many requests, with a date to wait for',
    fault: (now) => ({ kind: '429', retryAfter: new Date(now + 2 * MINUTE).toUTCString() }),
    outcome: limited(2 * MINUTE),
    taken: false,
  },
  {
    what: 'too many requests, with a day to wait, which is capped',
    fault: () => ({ kind: '429', retryAfter: '86400' }),
    outcome: limited(MAX_RETRY_AFTER_MS),
    taken: false,
  },
  {
    what: 'a server error, which may come after taking',
    fault: () => ({ kind: '500' }),
    outcome: unknown('server_error'),
    taken: false,
  },
  {
    what: 'a server error that did come after taking',
    fault: () => ({ kind: '500_after' }),
    outcome: unknown('server_error'),
    taken: true,
  },
  {
    what: 'a reply later than the time-out',
    fault: () => ({ kind: 'slow', delayMs: MINUTE }),
    replyTimeoutMs: 200,
    outcome: unknown('timeout'),
    taken: true,
  },
  {
    what: 'a cut after the body was taken',
    fault: () => ({ kind: 'cut_after' }),
    outcome: unknown('cut'),
    taken: true,
  },
  {
    what: 'a cut before the body was read, which looks the same',
    fault: () => ({ kind: 'cut_before' }),
    outcome: unknown('cut'),
    taken: false,
  },
  {
    what: 'a reply of megabytes',
    fault: () => ({ kind: 'huge_reply' }),
    outcome: unknown('reply_too_large'),
    taken: true,
  },
  {
    what: 'a web page in place of a reply',
    fault: () => ({ kind: 'html' }),
    outcome: unknown('reply_unreadable'),
    taken: true,
  },
  {
    what: 'a reply of another shape, which echoes what was sent',
    fault: () => ({ kind: 'wrong_reply' }),
    outcome: unknown('reply_unreadable'),
    taken: true,
  },
  {
    what: 'a redirect, which is not followed',
    fault: () => ({ kind: 'redirect' }),
    outcome: unknown('redirect'),
    taken: false,
  },
  {
    what: 'a request accepted twice',
    fault: () => ({ kind: 'duplicate_accept' }),
    outcome: { kind: 'accepted' },
    taken: true,
  },
];

function writeCase(row: FaultRow, op: 'add' | 'remove'): ConformanceCase {
  const { what, fault, outcome, replyTimeoutMs, taken } = row;
  return {
    what: `makes one request to ${op}, and one outcome, of ${what}`,
    async run(bench) {
      const { network, clock } = bench.harness;
      if (op === 'remove') {
        await bench.add(person(1));
        bench.process();
      }
      const before = network.requests();
      network.inject({ ...fault(clock()), op });
      const connector = bench.harness.connect(
        replyTimeoutMs === undefined ? {} : { replyTimeoutMs },
      );
      const told = await connector[op](bench.request([person(1)]));
      await connector.close();
      bench.expectOutcome(told, outcome);
      doesNotMatch(JSON.stringify(told), MATCH_KEY);
      equal(network.requests() - before, 1);
      bench.process();
      bench.expectHeld(...((op === 'add') === taken ? [person(1)] : []));
    },
  };
}

export const FAULT_CASES: readonly ConformanceCase[] = [
  ...ROWS.flatMap((row) => [writeCase(row, 'add'), writeCase(row, 'remove')]),
  {
    what: 'tells what became of a bad record, without its value',
    async run(bench) {
      bench.harness.network.inject({ kind: 'bad_record', op: 'remove', index: 1 });
      const outcome = await bench.remove(person(1), person(2), person(3));
      bench.expectOutcome(
        outcome,
        bench.connector.capabilities.badRecord === 'refuses_request'
          ? { kind: 'rejected', code: 'bad_record', retry: 'after_change', offenders: [1] }
          : { kind: 'accepted', received: 3, invalid: 1, accountedFor: false },
      );
      doesNotMatch(JSON.stringify(outcome), MATCH_KEY);
      equal(await bench.confirmed(outcome), false);
    },
  },
  {
    what: 'takes the rest of a refused request without the record it named',
    async run(bench) {
      bench.harness.network.inject({ kind: 'bad_record', op: 'add', index: 0 });
      const members = [person(1), person(2)];
      const first = await bench.add(...members);
      const offenders = first.kind === 'rejected' ? (first.offenders ?? []) : [0];
      await bench.add(...members.filter((_, at) => !offenders.includes(at)));
      bench.process();
      bench.expectHeld(person(2));
    },
  },
];
