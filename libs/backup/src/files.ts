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

/** The names in a folder; none where there is no folder. */
export const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Copies the files of a folder, not those of folders in it. @returns how many */
export async function copyFiles(from: string, to: string): Promise<number> {
  let count = 0;
  for (const name of await namesIn(from)) {
    if (!(await stat(join(from, name))).isFile()) continue;
    if (count === 0) await mkdir(to, { recursive: true, mode: 0o700 });
    await copyFile(join(from, name), join(to, name));
    count += 1;
  }
  return count;
}
