import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, readIfThere, syncFolder, wipeFile } from './files.js';
import type { KeyStore, StoredBlob } from './key-store.js';

const FILE = /^([a-z0-9-]+)\.([1-9]\d*)$/;
const DRAFT = /^\.([a-z0-9-]+)\.([1-9]\d*)\.[0-9a-f]+\.tmp$/;

/**
 * A key store of files `NAME.REVISION` in one folder. A revision is created by a hard link, which
 * only one process can win, so there is no lock that a killed process could leave behind.
 *
 * Crash window: between the link of a revision and the removal of the one before it both exist.
 * The later one counts, and whoever loads next removes the earlier.
 */
export function folderKeyStore(folder: string): KeyStore {
  const path = (name: string, revision: number) => join(folder, `${name}.${revision}`);

  async function revisions(name: string): Promise<number[]> {
    const found = (await readdir(folder)).map((file) => FILE.exec(file));
    return found.flatMap((match) => (match?.[1] === name ? [Number(match[2])] : []));
  }

  /** Removes revisions and drafts that a later revision has overtaken. */
  async function removeBefore(name: string, revision: number): Promise<void> {
    let removed = false;
    for (const file of await readdir(folder)) {
      const old = FILE.exec(file);
      const draft = DRAFT.exec(file);
      const overtaken =
        (old?.[1] === name && Number(old[2]) < revision) ||
        (draft?.[1] === name && Number(draft[2]) <= revision);
      if (!overtaken) continue;
      await wipeFile(join(folder, file));
      removed = true;
    }
    if (removed) await syncFolder(folder);
  }

  async function load(name: string): Promise<StoredBlob | undefined> {
    for (;;) {
      const revision = Math.max(0, ...(await revisions(name)));
      if (revision === 0) return undefined;
      const blob = await readIfThere(path(name, revision));
      // Gone between listing and reading: a later revision took its place.
      if (!blob) continue;
      await removeBefore(name, revision);
      return { revision, blob };
    }
  }

  return {
    load,
    async names(prefix) {
      const found = (await readdir(folder)).flatMap((file) => FILE.exec(file)?.[1] ?? []);
      return [...new Set(found)].filter((name) => name.startsWith(prefix)).sort();
    },
    async store(name, revision, blob) {
      if (!(await createFile(path(name, revision), blob))) return false;
      // A revision that was overtaken and removed leaves its name free: it must not come back.
      if (Math.max(...(await revisions(name))) > revision) {
        await wipeFile(path(name, revision));
        return false;
      }
      await removeBefore(name, revision);
      return true;
    },
    async destroy(name) {
      await removeBefore(name, Number.POSITIVE_INFINITY);
    },
  };
}
