import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Needle, needlesOf, type Planted } from './forms.js';

export interface Leak {
  /** Which planted contact, by name; never its value. */
  readonly name: string;
  readonly form: string;
  readonly where: string;
}

export interface LeakScan {
  readonly files: number;
  readonly bytes: number;
  readonly leaks: readonly Leak[];
}

const WINDOW = 4;
const CHUNK = 4 << 20;
const FILTER_BITS = 27;

const slotOf = (window: number): number => Math.imul(window, 0x9e3779b1) >>> (32 - FILTER_BITS);

/** Searches bytes for any of the planted contacts in any form; the time doesn't grow with their number. */
export function leakScanner(planted: readonly Planted[]) {
  const needles = planted.flatMap(needlesOf);
  const longest = Math.max(...needles.map((needle) => needle.bytes.length));
  // One bit per hashed 32-bit window: nearly every position is dismissed by a single look-up.
  const filter = new Uint8Array(1 << (FILTER_BITS - 3));
  const byStart = new Map<number, Needle[]>();
  for (const needle of needles) {
    const start = needle.bytes.readUInt32LE(0);
    const slot = slotOf(start);
    filter[slot >>> 3] = (filter[slot >>> 3] as number) | (1 << (slot & 7));
    const group = byStart.get(start);
    if (group) group.push(needle);
    else byStart.set(start, [needle]);
  }

  function scanBytes(bytes: Buffer, where: string, leaks: Map<string, Leak>): void {
    let window = 0;
    for (let end = 0; end < bytes.length; end += 1) {
      window = ((window >>> 8) | ((bytes[end] as number) << 24)) >>> 0;
      const slot = slotOf(window);
      if (end < WINDOW - 1 || ((filter[slot >>> 3] as number) & (1 << (slot & 7))) === 0) continue;
      const from = end - (WINDOW - 1);
      for (const needle of byStart.get(window) ?? []) {
        const to = from + needle.bytes.length;
        if (
          to > bytes.length ||
          bytes.compare(needle.bytes, 0, needle.bytes.length, from, to) !== 0
        )
          continue;
        leaks.set(`${needle.name}\n${needle.form}\n${where}`, {
          name: needle.name,
          form: needle.form,
          where,
        });
      }
    }
  }

  return {
    needles: needles.length,
    /** Searches texts that aren't in files, such as what a process printed. */
    scanText(text: string | Buffer, where: string): Leak[] {
      const leaks = new Map<string, Leak>();
      scanBytes(Buffer.from(text), where, leaks);
      return [...leaks.values()];
    },
    /** Searches every file below a folder, and every name. */
    async scanFolder(folder: string): Promise<LeakScan> {
      const leaks = new Map<string, Leak>();
      let files = 0;
      let size = 0;
      for await (const path of filesBelow(folder)) {
        const where = path.slice(folder.length + 1);
        files += 1;
        scanBytes(Buffer.from(where), `name of file ${files}`, leaks);
        let tail: Buffer = Buffer.alloc(0);
        for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
          const bytes = Buffer.concat([tail, chunk as Buffer]);
          scanBytes(bytes, where, leaks);
          size += (chunk as Buffer).length;
          tail = bytes.subarray(Math.max(0, bytes.length - longest));
        }
      }
      return { files, bytes: size, leaks: [...leaks.values()] };
    },
  };
}

async function* filesBelow(folder: string): AsyncIterable<string> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const kind = await lstat(path);
    if (kind.isDirectory()) yield* filesBelow(path);
    else if (kind.isFile()) yield path;
  }
}
