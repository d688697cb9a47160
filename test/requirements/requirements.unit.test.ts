import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { faultsOf, type Requirement } from './faults.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): unknown => parse(readFileSync(join(ROOT, path), 'utf8'));

const TABLES = [
  { policy: 'loveinn', prefix: 'LOVEINN', count: 17 },
  { policy: 'agreement', prefix: 'AGREE', count: 10 },
];

describe.each(TABLES)('requirements of $policy', ({ policy, prefix, count }) => {
  const entries = read(`docs/requirements/${policy}.yaml`) as Requirement[];
  it('are all there, once each, in order', () => {
    const ids = Array.from(
      { length: count },
      (_, n) => `${prefix}-${String(n + 1).padStart(2, '0')}`,
    );
    expect(entries.map(({ id }) => id)).toEqual(ids);
  });
  it('name rules, fields and tests that exist', () => {
    const file = read(`deploy/policies/${policy}.yaml`);
    const faults = entries.map((entry) => ({ id: entry.id, faults: faultsOf(entry, file) }));
    expect(faults.filter((entry) => entry.faults.length > 0)).toEqual([]);
  });
});

describe('a planted requirement', () => {
  const sound: Requirement = {
    id: 'X-01',
    says: 'x',
    section: '1',
    state: 'recorded',
    by: ['policy:a'],
    tests: [],
  };
  it.each([
    [{}, []],
    [{ state: 'enforced' }, ['enforced without a test']],
    [{ state: 'later' }, ['does not say why']],
    [{ state: 'done' }, ['no such state']],
    [{ by: ['rule:nonsense'] }, ['no such reason']],
    [{ by: ['policy:b'] }, ['no such field of the policy']],
    [{ by: ['page'] }, ['neither rule nor policy']],
    [{ tests: ['test/none.ts > x'] }, ['no such test file']],
    [{ tests: ['README.md > no line says this, truly'] }, ['no such test title']],
  ])('%j is found out', (change, faults) => {
    expect(faultsOf({ ...sound, ...change }, { a: 1 })).toEqual(faults);
  });
});
