/**
 * Writes the documents that are made from code; `--check` only tells which differ, and fails then.
 * A generator is a line here: a folder, and the package that gives its files as text by name.
 * In a folder that is shared with files written by hand nothing is removed.
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { argv, exit, stdout } from 'node:process';
import { dirname, join } from 'node:path';
import { requirementsText } from './requirements.mjs';

const GENERATORS = [
  {
    folder: 'docs/generated',
    files: async () => (await import('@kyoka/contracts')).generatedFiles(),
  },
  {
    folder: 'deploy/schemas',
    files: async () => (await import('@kyoka/policy')).schemaFiles(),
  },
  {
    folder: 'docs/settings',
    files: async () =>
      new Map([['README.md', (await import('@kyoka/config')).settingsReference()]]),
  },
  {
    folder: 'docs',
    shared: true,
    files: async () => new Map([['requirements.md', await requirementsText()]]),
  },
];

const checking = argv.includes('--check');
let differing = 0;

for (const { folder, files, shared } of GENERATORS) {
  const wanted = await files();
  const present = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const surplus = present
    .filter((entry) => entry.isFile() && !shared)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !wanted.has(path.slice(folder.length + 1)));
  for (const path of surplus) {
    differing += 1;
    stdout.write(`${path}: nothing generates it any more\n`);
    if (!checking) await rm(path);
  }
  for (const [name, text] of wanted) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
    differing += 1;
    stdout.write(`${path}: ${checking ? 'differs; run npm run generate' : 'written'}\n`);
    if (checking) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
exit(checking && differing > 0 ? 1 : 0);
