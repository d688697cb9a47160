import { chmod, mkdir, readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { createFile, syncFolder, wipeFile } from './files.js';

/**
 * Copies a key folder into a new folder of mode 0700, as it is at one moment: where a key was made or
 * destroyed meanwhile, it begins anew.
 *
 * @returns how many files
 * @throws KyokaError `key_missing` if there are no keys
 */
export async function copyKeys(from: string, to: string): Promise<number> {
  for (;;) {
    const names = await filesIn(from);
    if (names.length === 0) throw new KyokaError('key_missing', 'there are no keys to copy');
    await mkdir(to, { recursive: true, mode: 0o700 });
    await chmod(to, 0o700);
    const contents = await Promise.all(
      names.map((name) => readFile(join(from, name)).catch(() => undefined)),
    );
    if (contents.includes(undefined) || String(await filesIn(from)) !== String(names)) continue;
    for (const [index, name] of names.entries()) {
      await createFile(join(to, name), contents[index] as Buffer);
    }
    await syncFolder(to);
    return names.length;
  }
}

/**
 * Overwrites and removes every file of a copy of the keys, and its folder. A draft that a kill left
 * holds a key as well. What is gone already, or goes meanwhile by another hand, is no fault.
 */
export async function destroyKeySet(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(noneIfMissing)) {
    await wipeFile(join(folder, name));
  }
  await rmdir(folder).catch(noneIfMissing);
}

function noneIfMissing(fault: unknown): [] {
  if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return [];
  throw fault;
}

/** Whole files only: a draft is on its way to become one. */
async function filesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'));
  const files = await Promise.all(
    names.map(async (name) =>
      (await stat(join(folder, name)).catch(() => undefined))?.isFile() ? name : undefined,
    ),
  );
  return files.filter((name) => name !== undefined).sort();
}
