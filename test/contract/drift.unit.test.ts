import { generatedFiles } from '@kyoka/contracts';
import { expect, it } from 'vitest';
import { listDocs, readDoc } from './documents.js';

const files = generatedFiles();

it('docs/generated holds what the contracts give, and nothing else', () => {
  const mine = listDocs('generated').filter(
    (name) => name.startsWith('json-schema/') || ['openapi.json', 'asyncapi.json'].includes(name),
  );
  expect(mine).toEqual([...files.keys()].sort());
});

it.each([...files.keys()])('%s has not drifted', (name) => {
  expect(readDoc(`generated/${name}`)).toBe(files.get(name));
});
