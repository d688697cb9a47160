import { KyokaError, MINUTE } from '@kyoka/kernel';
import { DatabaseError } from '@kyoka/postgres';
import { beforeEach, expect, it } from 'vitest';
import { Apart } from './index.js';

const NOON = Date.parse('2026-11-20T03:00:00Z');
const ids = Array.from({ length: 20 }, (_, number) => `id-${number}`);

let told: string[] = [];
let apart: Apart;
beforeEach(() => {
  told = [];
  apart = new Apart('test', (_, id) => told.push(id));
});

/** Works on all or nothing, as a transaction does. */
function worker(poisoned: readonly string[], fault: () => unknown = () => new Error('no')) {
  const done: string[] = [];
  let calls = 0;
  return {
    done,
    calls: () => calls,
    work: async (some: readonly string[]) => {
      calls += 1;
      if (some.some((id) => poisoned.includes(id))) throw fault();
      done.push(...some);
    },
  };
}

it('does the work of all at once where none is to blame', async () => {
  const { done, calls, work } = worker([]);
  expect(await apart.together(ids, NOON, work)).toBe(20);
  expect([done, calls()]).toEqual([ids, 1]);
  expect(apart.at(NOON)).toEqual([]);
});

it('leaves out the one that fails, for a while, and does the others once', async () => {
  const { done, work } = worker(['id-7']);
  expect(await apart.together(ids, NOON, work)).toBe(19);
  expect(done).toEqual(ids.filter((id) => id !== 'id-7'));
  expect(told).toEqual(['id-7']);
  expect(apart.at(NOON + MINUTE)).toEqual(['id-7']);
  expect(apart.at(NOON + 5 * MINUTE)).toEqual([]);
});

it('takes a statement that runs into its limit for the fault of an item', async () => {
  const slow = () => new DatabaseError('database_unavailable', { sqlState: '57014' });
  expect(await apart.together(ids, NOON, worker(['id-3'], slow).work)).toBe(19);
});

it.each([
  ['a database that is away', () => new DatabaseError('database_unavailable')],
  ['another service that is away', () => new KyokaError('network_unavailable', 'away')],
])('throws what is no fault of an item: %s', async (_, fault) => {
  const { calls, work } = worker(ids, fault);
  await expect(apart.together(ids, NOON, work)).rejects.toMatchObject({ retry: 'backoff' });
  expect([calls(), told]).toEqual([1, []]);
});

it('ends where everything fails, since then no item is to blame', async () => {
  const many = Array.from({ length: 500 }, (_, number) => `id-${number}`);
  const { work } = worker(many);
  await expect(apart.together(many, NOON, work)).rejects.toThrow('no');
  expect(told).toHaveLength(100);
});
