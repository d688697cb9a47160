import { expect, it } from 'vitest';
import { type AddPace, batchLimit, paceAfter } from './add-pace.js';

const AT_FULL: AddPace = { failures: 0, limit: undefined };
const MOST = 1_000;

/** Sends `people` to a network that refuses any request with the bad one, and returns what it took to find it. */
function bisect(people: number, bad: number) {
  let left = Array.from({ length: people }, (_, id) => id);
  let pace = AT_FULL;
  const refusedAlone: number[] = [];
  for (let requests = 0; ; requests += 1) {
    if (left.length === 0) return { requests, refusedAlone, pace };
    const batch = left.slice(0, batchLimit(pace, MOST));
    const refused = batch.includes(bad);
    pace = paceAfter(pace, refused ? 'refused' : 'taken', batch.length, MOST);
    if (refused && batch.length > 1) continue;
    if (refused) refusedAlone.push(bad);
    left = left.slice(batch.length);
  }
}

it.each([0, 1, 500, 998, 999])(
  'finds the one bad record at %i among a thousand, and goes on',
  (bad) => {
    const { requests, refusedAlone, pace } = bisect(MOST, bad);
    expect(refusedAlone).toEqual([bad]);
    expect(requests).toBeLessThan(110);
    expect(batchLimit(pace, MOST)).toBeGreaterThan(0);
  },
);

it('asks about few while nothing is taken, and about all once something was', () => {
  const away = paceAfter(paceAfter(AT_FULL, 'failed', MOST, MOST), 'failed', 10, MOST);
  expect(away.failures).toBe(2);
  expect(batchLimit(away, MOST)).toBe(10);
  expect(batchLimit(paceAfter(away, 'taken', 10, MOST), MOST)).toBe(MOST);
});

it('counts a record that was refused alone as a failure', () => {
  expect(paceAfter({ failures: 2, limit: 1 }, 'refused', 1, MOST)).toEqual({
    failures: 3,
    limit: 1,
  });
});
