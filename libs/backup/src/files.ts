import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A moment as a part of a file's name, which sorts by time: `20261120T010203Z`. */
export const stampOf = (at: number): string =>
  new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** @returns the moment that a name ends with; `undefined` if it ends with none */
export function momentIn(name: string): number | undefined {
  const [, ...parts] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(name) ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

export async function writeSynced(path: string, content: string | Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The names in a folder, sorted; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return [];
    throw fault;
  }
}

/** Copies the files of a folder, not those of folders in it. @returns their names */
export async function copyFiles(from: string, to: string): Promise<string[]> {
  const copied: string[] = [];
  for (const name of await namesIn(from)) {
    if (!(await stat(join(from, name))).isFile()) continue;
    if (copied.length === 0) await mkdir(to, { recursive: true, mode: 0o700 });
    await copyFile(join(from, name), join(to, name));
    copied.push(name);
  }
  return copied;
}

/** SHA-256 of a file as hex. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
