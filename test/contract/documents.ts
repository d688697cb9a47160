import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../../docs');

/** Names of the files below a folder of docs/, sorted. */
export function listDocs(folder: string): string[] {
  return readdirSync(join(docs, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(docs, folder).length + 1))
    .sort();
}

export function readDoc(path: string): string {
  return readFileSync(join(docs, path), 'utf8');
}
