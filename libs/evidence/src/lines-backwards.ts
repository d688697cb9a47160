import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

export interface LineFromEnd {
  readonly text: string;
  /** Offset of the byte after the line. */
  readonly end: number;
  /** False for a last line without its line feed: a write that was cut. */
  readonly whole: boolean;
}

const LINE_FEED = 10;
const CHUNK_BYTES = 65_536;

/** The lines of a file, the last first; no more of the file is read than is asked for. None if there is no file. */
export async function* linesBackwards(path: string): AsyncGenerator<LineFromEnd> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  try {
    yield* backwards(file);
  } finally {
    await file.close();
  }
}

async function* backwards(file: FileHandle): AsyncGenerator<LineFromEnd> {
  let start = (await file.stat()).size;
  let end = start;
  let whole = false;
  // The bytes from `start` to `end`: the end of a line whose start isn't read yet.
  let rest: Buffer = Buffer.alloc(0);
  while (start > 0) {
    const size = Math.min(CHUNK_BYTES, start);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, start - size);
    if (bytesRead < size) return;
    start -= size;
    rest = Buffer.concat([buffer, rest]);
    for (let feed = rest.lastIndexOf(LINE_FEED); feed >= 0; feed = rest.lastIndexOf(LINE_FEED)) {
      const text = rest.toString('utf8', feed + 1);
      if (whole || text !== '') yield { text, end, whole };
      rest = rest.subarray(0, feed);
      end = start + feed + 1;
      whole = true;
    }
  }
  if (whole || rest.length > 0) yield { text: rest.toString(), end, whole };
}
