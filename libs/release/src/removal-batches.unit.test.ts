import { expect, it } from 'vitest';
import { removalBatches } from './removal-batches.js';
import type { Removal } from './tables/removal-table.js';
import { capabilitiesForTests } from './capabilities.test.js';

const removal = (id: number, failures = 0): Removal => ({
  id: String(id),
  audienceId: 'a',
  subjectId: 's',
  kind: id % 2 === 0 ? 'email' : 'phone',
  token: Buffer.from(String(id)),
  fold: Buffer.from(String(id)),
  state: 'requested',
  failures,
  overdueAt: undefined,
  facts: { requestedAt: 0 },
});
const sizes = (failures: number, count: number) =>
  removalBatches(
    Array.from({ length: count }, (_, id) => removal(id, failures)),
    capabilitiesForTests({ maxPersonsPerRequest: 100 }),
  ).map((batch) => batch.length);

it('fills requests, one contact point a record', () => {
  expect(sizes(0, 250)).toEqual([100, 100, 50]);
});

it('makes requests smaller with every failure, down to one record', () => {
  expect(sizes(1, 25)).toEqual([10, 10, 5]);
  expect(sizes(2, 3)).toEqual([1, 1, 1]);
  expect(sizes(9, 2)).toEqual([1, 1]);
});

it('keeps what failed apart from what did not', () => {
  const batches = removalBatches(
    [removal(0), removal(1, 1), removal(2)],
    capabilitiesForTests({ maxPersonsPerRequest: 100 }),
  );
  expect(batches.map((batch) => batch.map(({ id }) => id))).toEqual([['0', '2'], ['1']]);
});
