import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicySet, type PolicySet } from '@kyoka/policy';

const DEPLOY = join(import.meta.dirname, '../../deploy');

const read = (folder: string) =>
  readdirSync(join(DEPLOY, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, text: readFileSync(join(DEPLOY, folder, name), 'utf8') }));

/** The policy files as they are deployed. */
export const set: PolicySet = (() => {
  const parsed = parsePolicySet({
    policies: read('policies'),
    contracts: read('source-contracts'),
    legal: read('legal'),
    texts: read('policies/texts').map((one) => ({
      ...one,
      sha256: createHash('sha256').update(one.text).digest('hex'),
    })),
  });
  if (!parsed.ok) throw new Error('the deployed policy files are not valid');
  return parsed.set;
})();
