import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The content of a file, or `undefined` if there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return unlessMissing(readFile(path), undefined);
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file of mode 0600 that exists whole or not at all. @returns false if the path was taken */
export async function createFile(path: string, content: Buffer): Promise<boolean> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return false;
    throw error;
  } finally {
    await unlessMissing(unlink(draft), undefined);
  }
  await syncFolder(dirname(path));
  return true;
}

/** Writes a file of mode 0600 in the place of whatever is there; a reader sees the old or the new one. */
export async function replaceFile(path: string, content: Buffer): Promise<void> {
  await rename(await writeDraft(path, content), path);
  await syncFolder(dirname(path));
}

/**
 * Overwrites a file and removes it. The overwriting reaches the old blocks only on storage that
 * writes in place; what counts is that no name leads to them any more.
 *
 * A creator killed between its link and its clean-up leaves a draft that is the same file as the
 * one in use, so a file with a second name only loses this one.
 */
export async function wipeFile(path: string): Promise<void> {
  const handle = await unlessMissing(open(path, 'r+'), undefined);
  if (!handle) return;
  try {
    const { size, nlink } = await handle.stat();
    if (nlink === 1) {
      await handle.write(Buffer.alloc(size), 0, size, 0);
      await handle.sync();
    }
  } finally {
    await handle.close();
  }
  await unlessMissing(unlink(path), undefined);
}

/** A draft is `.NAME.RANDOM.tmp` beside the file it is to become. */
async function writeDraft(path: string, content: Buffer): Promise<string> {
  const name = `.${path.slice(dirname(path).length + 1)}.${randomBytes(6).toString('hex')}.tmp`;
  const draft = join(dirname(path), name);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function unlessMissing<T, U>(work: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return otherwise;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
