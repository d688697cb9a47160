import { basename, join, relative, resolve, sep } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { namesIn } from './files.js';
import { KEY_DRAFT, KEY_SET } from './keys.js';

const DATABASE_SET = /^database-\d{8}T\d{6}Z$/;

/**
 * Backups of the database and of the keys in one folder would be a copy of both.
 *
 * @throws KyokaError `config_invalid`
 */
export async function requireApart(
  dir: string,
  { holds, away }: { readonly holds: 'database' | 'keys'; readonly away: readonly string[] },
): Promise<void> {
  const others = holds === 'keys' ? [DATABASE_SET, /^resealed$/] : [KEY_SET, KEY_DRAFT];
  const mixed = (await namesIn(dir)).some((name) => others.some((other) => other.test(name)));
  const near = away.some((folder) => within(dir, folder) || within(folder, dir));
  if (!mixed && !near) return;
  const expected = 'a folder of its own: database and keys never lie together';
  throw new KyokaError('config_invalid', expected, { faults: [{ field: 'DIR', expected }] });
}

function within(path: string, folder: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/**
 * The set that a folder is, or the newest in it.
 *
 * @throws KyokaError `not_found`
 */
export async function setIn(dir: string, what: 'database' | 'keys'): Promise<string> {
  const sets = what === 'keys' ? KEY_SET : DATABASE_SET;
  if (sets.test(basename(resolve(dir)))) return resolve(dir);
  const newest = (await namesIn(dir))
    .filter((name) => sets.test(name))
    .sort()
    .at(-1);
  if (newest !== undefined) return join(resolve(dir), newest);
  throw new KyokaError('not_found', `there is no backup of the ${what} in this folder`);
}
