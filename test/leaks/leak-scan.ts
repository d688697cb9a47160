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

/** Every needle is at least this long. */
const WINDOW = 8;
const CHUNK = 4 << 20;
/** Much of a database's files is nothing but zeros, which no needle has eight of. */
const ZEROS = Buffer.alloc(4096);
const FILTER_BITS = 27;

const isZeros = (bytes: Buffer, at: number): boolean =>
  bytes[at + ZEROS.length - 1] === 0 &&
  bytes.compare(ZEROS, 0, ZEROS.length, at, at + ZEROS.length) === 0;

/** Place of a window's two halves in the filter. */
const slotOf = (early: number, late: number): number =>
  (Math.imul(early, 0x9e3779b1) ^ Math.imul(late, 0x85ebca6b)) >>> (32 - FILTER_BITS);

/** Searches bytes for any of the planted contacts in any form; the time doesn't grow with their number. */
export function leakScanner(planted: readonly Planted[]) {
  const needles = planted.flatMap(needlesOf);
  const longest = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
  // One bit per hashed window: nearly every position is dismissed by a single look-up.
  const filter = new Uint8Array(1 << (FILTER_BITS - 3));
  const bySlot = new Map<number, Needle[]>();
  for (const needle of needles) {
    const slot = slotOf(needle.bytes.readInt32LE(0), needle.bytes.readInt32LE(4));
    filter[slot >>> 3] = (filter[slot >>> 3] as number) | (1 << (slot & 7));
    const group = bySlot.get(slot);
    if (group) group.push(needle);
    else bySlot.set(slot, [needle]);
  }

  function scanBytes(bytes: Buffer, where: string, leaks: Map<string, Leak>): void {
    let [early, late] = [0, 0];
    for (let end = 0; end < bytes.length; end += 1) {
      if (bytes[end] === 0 && isZeros(bytes, end)) {
        end += ZEROS.length - 1;
        [early, late] = [0, 0];
        continue;
      }
      early = (early >>> 8) | ((late & 0xff) << 24);
      late = (late >>> 8) | ((bytes[end] as number) << 24);
      const slot = slotOf(early, late);
      if (((filter[slot >>> 3] as number) & (1 << (slot & 7))) === 0 || end < WINDOW - 1) continue;
      const from = end - (WINDOW - 1);
      for (const needle of bySlot.get(slot) ?? []) {
        const to = from + needle.bytes.length;
        if (to > bytes.length || bytes.compare(needle.bytes, 0, undefined, from, to) !== 0)
          continue;
        const leak = { name: needle.name, form: needle.form, where };
        leaks.set(`${leak.name}\n${leak.form}\n${where}`, leak);
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
    /** Searches every file below a folder but those that `leaveOut` matches by name, and every name. */
    async scanFolder(
      folder: string,
      { leaveOut }: { readonly leaveOut?: RegExp } = {},
    ): Promise<LeakScan> {
      const leaks = new Map<string, Leak>();
      let files = 0;
      let size = 0;
      for await (const path of filesBelow(folder)) {
        const where = path.slice(folder.length + 1);
        files += 1;
        scanBytes(Buffer.from(where), `name of file ${files}`, leaks);
        if (leaveOut?.test(where) === true) continue;
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
