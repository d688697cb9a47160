import { deepEqual, equal, ok } from 'node:assert/strict';
import { nextPoll } from '../capabilities.js';
import type { JobOutcome, SendOutcome } from '../outcome.js';
import { person, type Bench, type ConformanceCase } from './bench.js';
import type { ConformanceFault } from './harness.js';

/** A network that tells nothing about its jobs has nothing to be asked; it must say so. */
async function poll(bench: Bench, removed: SendOutcome): Promise<JobOutcome | 'declared_time'> {
  const { capabilities } = bench.connector;
  if (capabilities.removalConfirmation.basis === 'declared_time') {
    equal(bench.connector.poll, undefined);
    return 'declared_time';
  }
  ok(bench.connector.poll);
  return bench.connector.poll(bench.jobOf(removed));
}

const ENDS: readonly { fault: ConformanceFault['kind']; state: JobOutcome }[] = [
  { fault: 'job_failed', state: { kind: 'failed' } },
  { fault: 'job_partial', state: { kind: 'done', complete: false, failed: 1 } },
  { fault: 'drop_job', state: { kind: 'processing' } },
];

export const JOB_CASES: readonly ConformanceCase[] = [
  {
    what: 'treats counts that differ from its own as unknown',
    async run(bench) {
      bench.harness.network.inject({ kind: 'wrong_counts', op: 'remove' });
      const removed = await bench.remove(person(1), person(2));
      bench.process();
      const told = removed.kind === 'accepted' ? await poll(bench, removed) : removed;
      deepEqual(told, { kind: 'unknown', code: 'counts_mismatch' });
    },
  },
  ...ENDS.map(({ fault, state }) => ({
    what: `confirms nothing after ${fault} where the network tells`,
    async run(bench: Bench) {
      bench.harness.network.inject({ kind: fault, op: 'remove' });
      const removed = await bench.remove(person(1), person(2));
      bench.process();
      const told = await poll(bench, removed);
      if (told !== 'declared_time') deepEqual(told, state);
    },
  })),
  {
    what: 'learns nothing from a broken answer about a job, nor from one about another job',
    async run(bench) {
      const removed = await bench.remove(person(1));
      if ((await poll(bench, removed)) === 'declared_time' || !bench.connector.poll) return;
      const job = bench.jobOf(removed);
      for (const kind of [
        '500',
        'html',
        'cut_after',
        'redirect',
        'huge_reply',
        'wrong_reply',
      ] as const) {
        bench.harness.network.inject({ kind, op: 'poll' });
        equal((await bench.connector.poll(job)).kind, 'unknown');
      }
      bench.process();
      equal((await bench.connector.poll(job)).kind, 'done');
      equal((await bench.connector.poll({ ...job, list: '1' })).kind, 'unknown');
      equal((await bench.connector.poll({ ...job, op: 'add' })).kind, 'unknown');
      equal((await bench.connector.poll({ ...job, id: 'none' })).kind, 'rejected');
    },
  },
  {
    what: 'declares waiting times that come to an end',
    async run({ connector }) {
      const { addConfirmation, removalConfirmation } = connector.capabilities;
      for (const confirmation of [addConfirmation, removalConfirmation]) {
        equal(nextPoll(confirmation, 0, 0), confirmation.firstPollAfterMs);
        equal(nextPoll(confirmation, 0, 1_000), null);
        ok(confirmation.giveUpAfterMs >= confirmation.processingTimeMs);
      }
    },
  },
];
