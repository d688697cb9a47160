import { createReadStream } from 'node:fs';

export interface Line {
  readonly text: string;
  /** Offset of the byte after the line. */
  readonly end: number;
  /** False for a last line without its line feed: a write that was cut. */
  readonly whole: boolean;
}

const LINE_FEED = 10;

/** The lines of a file, streamed, from an offset where one begins; no more than its first `upTo` bytes. */
export async function* linesOf(
  path: string,
  upTo = Number.POSITIVE_INFINITY,
  from = 0,
): AsyncGenerator<Line> {
  if (upTo <= from) return;
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  const bytesOf = createReadStream(path, { start: from, end: upTo - 1 });
  for await (const chunk of bytesOf as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, start)) {
      const text = bytes.toString('utf8', start, feed);
      start = feed + 1;
      yield { text, end: offset + start, whole: true };
    }
    rest = bytes.subarray(start);
    offset += start;
  }
  if (rest.length > 0) yield { text: rest.toString(), end: offset + rest.length, whole: false };
}
