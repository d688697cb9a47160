import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { parsePolicySet, type PolicyFile, type PolicyFiles, type PolicySet } from '@kyoka/policy';

/** The folders that make one policy set. */
export interface PolicyFolders {
  readonly policies: string;
  readonly contracts: string;
  readonly legal: string;
  /** The published texts. */
  readonly texts: string;
}

/** `policies` (with `texts` in it), `source-contracts` and `legal` side by side in a deploy folder. */
export const policyFolders = (deployDir: string): PolicyFolders => ({
  policies: join(deployDir, 'policies'),
  contracts: join(deployDir, 'source-contracts'),
  legal: join(deployDir, 'legal'),
  texts: join(deployDir, 'policies', 'texts'),
});

/**
 * Reads and checks every policy, source contract and legal pack of a deploy folder.
 *
 * @throws KyokaError `config_invalid` with one fault per problem (file, line, pointer, what is wrong)
 */
export async function readPolicySet(deployDir: string): Promise<PolicySet> {
  const parsed = parsePolicySet(await readPolicyFiles(policyFolders(deployDir)).catch(nameSetting));
  if (parsed.ok) return parsed.set;
  throw new KyokaError('config_invalid', 'the policy files are not valid', {
    faults: parsed.faults.map(({ file, line, path, message }) => ({
      field: `${file}:${line} ${path}`,
      expected: message,
    })),
  });
}

function nameSetting(fault: unknown): never {
  throw new KyokaError('config_invalid', 'the policy files can not be read', {
    faults: [
      { field: 'KYOKA_DEPLOY_DIR', expected: 'a folder with policies, source-contracts and legal' },
    ],
    cause: fault,
  });
}

/**
 * The YAML files and texts of these folders, in the order of their names.
 *
 * @throws KyokaError `config_invalid` for a folder or file that is missing or can't be read
 */
export async function readPolicyFiles(folders: PolicyFolders): Promise<PolicyFiles> {
  const [policies, contracts, legal, texts] = await Promise.all([
    readFolder('policies', folders.policies),
    readFolder('source contracts', folders.contracts),
    readFolder('legal packs', folders.legal),
    readTexts(folders.texts),
  ]);
  return { policies, contracts, legal, texts };
}

/** The published texts of a folder by the bare name of their file; none where there is no such folder. */
export async function readTexts(folder: string): Promise<PolicyFiles['texts']> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.txt'));
  return Promise.all(
    names.map(async (name) => ({ ...(await readNamed(join(folder, name))), name })),
  );
}

async function readNamed(name: string): Promise<PolicyFile> {
  const text = await readFile(name, 'utf8');
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
}

async function readFolder(what: string, folder: string): Promise<PolicyFile[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
    return await Promise.all(names.map((name) => readNamed(join(folder, name))));
  } catch (error) {
    throw new KyokaError('config_invalid', `the folder of the ${what} can not be read`, {
      faults: [{ field: folder, expected: 'a folder of YAML files' }],
      cause: error,
    });
  }
}
