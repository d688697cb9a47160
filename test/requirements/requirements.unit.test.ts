import { describe, expect, it } from 'vitest';
import { faultsOf, type Grounds, readYaml, type Requirement } from './faults.js';

const TABLES = [
  { policy: 'almado', prefix: 'ALMADO', count: 72, between: ['33b', '49b'] },
  { policy: 'almigo', prefix: 'ALMIGO', count: 25, between: [] },
  { policy: 'loveinn', prefix: 'LOVEINN', count: 17, between: [] },
  { policy: 'allm', prefix: 'ALLM', count: 35, between: [] },
  { policy: 'agreement', prefix: 'AGREE', count: 10, between: [] },
];
const legal = readYaml('deploy/legal/jp-2022.yaml');
const api = readYaml('docs/generated/openapi.json');

const read = (policy: string) => readYaml(`docs/requirements/${policy}.yaml`) as Requirement[];

it('are 161', () => {
  expect(TABLES.flatMap(({ policy }) => read(policy))).toHaveLength(161);
});

describe.each(TABLES)('requirements of $policy', ({ policy, prefix, count, between }) => {
  const entries = read(policy);

  it('are all there, once each, in order', () => {
    const numbers = Array.from({ length: count }, (_, n) => String(n + 1).padStart(2, '0'));
    const ids = numbers
      .flatMap((number) => [number, ...between.filter((one) => one === `${number}b`)])
      .map((number) => `${prefix}-${number}`);
    expect(entries.map(({ id }) => id)).toEqual(ids);
  });

  it('name rules, fields, sections and tests that exist', () => {
    const grounds = { policy: readYaml(`deploy/policies/${policy}.yaml`), legal, api };
    const faults = entries.map((entry) => ({ id: entry.id, faults: faultsOf(entry, grounds) }));
    expect(faults.filter((entry) => entry.faults.length > 0)).toEqual([]);
  });
});

describe('a planted requirement', () => {
  const sound: Requirement = {
    id: 'X-01',
    says: 'x',
    section: '1',
    state: 'recorded',
    by: ['policy:/list/one'],
    tests: [],
  };
  const grounds: Grounds = {
    policy: { list: [{ id: 'one' }], nothing: null, policy: { text: { sections: { '1': 'x' } } } },
    legal: { known: 1 },
    api: { paths: { '/v1/known': {} } },
  };
  const golden = 'test/golden/decisions/loveinn.cases.yaml';
  it.each<[Partial<Requirement>, string[]]>([
    [{}, []],
    [{ by: ['silent:/nothing', 'legal:/known', 'api:/v1/known', 'file:README.md'] }, []],
    [{ tests: [`${golden} > and is missing`] }, []],
    [{ state: 'enforced' }, ['enforced without a test', 'enforced by no rule and no code']],
    [{ state: 'shown' }, ['shown without a test']],
    [{ state: 'later' }, ['does not say why']],
    [{ state: 'outside', why: '' }, ['does not say why']],
    [{ state: 'done' }, ['no such state']],
    [{ section: '1; 2' }, ['no such section: 2']],
    [{ by: [] }, ['by nothing']],
    [{ by: ['rule:nonsense'] }, ['not found: rule:nonsense']],
    [{ by: ['policy:/list/two'] }, ['not found: policy:/list/two']],
    [{ by: ['policy:/nothing'] }, ['not found: policy:/nothing']],
    [{ by: ['silent:/list'] }, ['not found: silent:/list']],
    [{ by: ['legal:/unknown'] }, ['not found: legal:/unknown']],
    [{ by: ['api:/v1/unknown'] }, ['not found: api:/v1/unknown']],
    [{ by: ['file:no/such.ts'] }, ['not found: file:no/such.ts']],
    [{ by: ['page'] }, ['of no kind: page']],
    [{ tests: ['test/none.ts > x'] }, ['no such test file: test/none.ts']],
    [{ tests: [`${golden} > is missing`] }, ['no such test title: is missing']],
    [{ tests: ['README.md > no line says so'] }, ['no such test title: no line says so']],
    [{ tests: ['README.md'] }, ['no such test title: ']],
  ])('%j is found out', (change, faults) => {
    expect(faultsOf({ ...sound, ...change }, grounds)).toEqual(faults);
  });
});
