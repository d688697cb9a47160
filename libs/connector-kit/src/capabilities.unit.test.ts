import { MINUTE } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { nextPoll } from './capabilities.js';

it('asks after the first wait, then after waits that grow up to the longest, until time is up', () => {
  const confirmation = {
    basis: 'job_status',
    processingTimeMs: 60 * MINUTE,
    firstPollAfterMs: 30 * MINUTE,
    pollBackoff: { factor: 2, maxMs: 90 * MINUTE },
    giveUpAfterMs: 280 * MINUTE,
  } as const;
  const minutes = [0, 1, 2, 3].map((polls) => nextPoll(confirmation, 1_000, polls));
  expect(minutes).toEqual([
    1_000 + 30 * MINUTE,
    1_000 + 90 * MINUTE,
    1_000 + 180 * MINUTE,
    1_000 + 270 * MINUTE,
  ]);
  expect(nextPoll(confirmation, 1_000, 4)).toBeNull();
});
