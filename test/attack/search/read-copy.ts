import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const CHUNK = 8 << 20;
/** What lies across the border of two chunks is whole in the second one, up to this length. */
const OVERLAP = 4 << 10;

export interface Piece {
  /** Path below the folder. */
  readonly file: string;
  readonly size: number;
  readonly bytes: Buffer;
}

/** Every file below a folder in pieces that overlap, what is compressed (gzip) also as it was before; and the names. */
export async function* readCopy(folder: string): AsyncIterable<Piece> {
  const names: string[] = [];
  for await (const path of filesBelow(folder)) {
    const file = path.slice(folder.length + 1);
    names.push(file);
    const { size } = await lstat(path);
    if (path.endsWith('.gz')) {
      for (const bytes of inChunks(gunzipSync(await readFile(path)))) yield { file, size, bytes };
    }
    if (size <= CHUNK) {
      if (size > 0) yield { file, size, bytes: await readFile(path) };
      continue;
    }
    let tail: Buffer = Buffer.alloc(0);
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      const bytes = Buffer.concat([tail, chunk as Buffer]);
      yield { file, size, bytes };
      tail = bytes.subarray(Math.max(0, bytes.length - OVERLAP));
    }
  }
  for (const bytes of inChunks(Buffer.from(names.join('\n')))) {
    yield { file: 'names of files', size: bytes.length, bytes };
  }
}

function* inChunks(bytes: Buffer): Iterable<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK + OVERLAP);
}

/** How many bytes the files below a folder have. */
export async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for await (const path of filesBelow(folder)) size += (await lstat(path)).size;
  return size;
}

async function* filesBelow(folder: string): AsyncIterable<string> {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const kind = await lstat(path);
    if (kind.isDirectory()) yield* filesBelow(path);
    else if (kind.isFile()) yield path;
  }
}
