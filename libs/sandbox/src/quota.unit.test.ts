import { DAY, MINUTE } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { Quota } from './quota.js';

it('lets in what fits within every limit, and again in the next window', () => {
  let now = 0;
  const quota = new Quota(
    () => now,
    [
      { requests: 2, perMs: MINUTE },
      { requests: 5, perMs: DAY },
    ],
  );
  const take = (times: number) => Array.from({ length: times }, () => quota.take());
  expect(take(3)).toEqual([true, true, false]);
  now += MINUTE;
  expect(take(2)).toEqual([true, true]);
  now += MINUTE;
  expect(take(1)).toEqual([false]);
  now += DAY;
  expect(take(1)).toEqual([true]);
});
