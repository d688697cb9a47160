import { expect, it } from 'vitest';
import { nextRemovals } from './removal-batches.js';
import type { Removal } from './tables/removal-table.js';
import { capabilitiesForTests } from './capabilities.test.js';

const removal = (id: number, more: { splits?: number; failures?: number } = {}): Removal => ({
  id: String(id),
  audienceId: 'a',
  subjectId: 's',
  kind: id % 2 === 0 ? 'email' : 'phone',
  token: Buffer.from(String(id)),
  fold: Buffer.from(String(id)),
  state: 'requested',
  failures: more.splits ?? 0,
  splits: 0,
  overdueAt: undefined,
  facts: { requestedAt: id },
  ...more,
});
const next = (removals: readonly Removal[]) =>
  nextRemovals(removals, capabilitiesForTests({ maxPersonsPerRequest: 100 })).map(({ id }) => id);
const sizeOf = (count: number, more?: { splits?: number; failures?: number }) =>
  next(Array.from({ length: count }, (_, id) => removal(id, more))).length;

it('fills the request, one contact point a record', () => {
  expect([sizeOf(250), sizeOf(50), sizeOf(0)]).toEqual([100, 50, 0]);
});

it('makes it smaller with every failure that a record may be to blame for, down to one record', () => {
  const sizes = [1, 2, 9].map((splits) => sizeOf(25, { splits }));
  expect(sizes).toEqual([10, 1, 1]);
});

it('stays as large after an outage', () => {
  expect(sizeOf(250, { failures: 5 })).toBe(100);
});

it('takes what never failed first, then the longest asked for', () => {
  const failed = removal(0, { failures: 1 });
  expect(next([failed, removal(2), removal(1)])).toEqual(['1', '2', '0']);
});

it('keeps what may be bad apart from what was never refused', () => {
  expect(next([removal(0, { splits: 1 }), removal(1), removal(2)])).toEqual(['1', '2']);
});
