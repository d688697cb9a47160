import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Names of locked packages that are not installed as locked. npm writes what it installed to
 * `node_modules/.package-lock.json` as its last step, so an install that was cut short misses them all.
 * Optional packages are those of other platforms, and may lack.
 */
export async function findMissing(root) {
  const locked = await packagesOf(join(root, 'package-lock.json'));
  const installed = await packagesOf(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(locked)
    .filter(([path]) => path.includes('node_modules/'))
    .filter(([path, wanted]) => !matches(installed[path], wanted))
    .map(([path]) => path);
}

function matches(found, wanted) {
  if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
  return found.version === wanted.version && (!wanted.link || found.resolved === wanted.resolved);
}

async function packagesOf(file) {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
}
