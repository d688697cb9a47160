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

const WORD = 4;
const CHUNK = 4 << 20;
const FILTER_BITS = 24;

const ALIGNED = 0x9e3779b1;
const slotOfWord = (word: number): number => Math.imul(word, ALIGNED) >>> (32 - FILTER_BITS);

/** Place of a window's two halves in the filter. */
const slotOf = (early: number, late: number): number =>
  (Math.imul(early, ALIGNED) ^ Math.imul(late, 0x85ebca6b)) >>> (32 - FILTER_BITS);

/** A set of slots, one bit each. */
function openFilter() {
  const bits = new Uint8Array(1 << (FILTER_BITS - 3));
  return {
    add: (slot: number) => void ((bits[slot >>> 3] as number) |= 1 << (slot & 7)),
    has: (slot: number): boolean => ((bits[slot >>> 3] as number) & (1 << (slot & 7))) !== 0,
  };
}

/** The bytes as words, with zeros up to one word past their end. */
function wordsOf(bytes: Buffer): Int32Array {
  const words = new Int32Array(Math.ceil(bytes.length / WORD) + 1);
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

const isAt = (bytes: Buffer, from: number, needle: Buffer): boolean =>
  from >= 0 &&
  from + needle.length <= bytes.length &&
  bytes.compare(needle, 0, undefined, from, from + needle.length) === 0;

/** Searches bytes for any of the planted contacts in any form; the time doesn't grow with their number. */
export function leakScanner(planted: readonly Planted[]) {
  const needles = planted.flatMap(needlesOf);
  const longest = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
  // A needle's first two words, its window, hold a whole aligned word of the text wherever it begins,
  // so it is enough to look at these: nearly all are dismissed by one look-up.
  const words = openFilter();
  const windows = openFilter();
  const bySlot = new Map<number, Needle[]>();
  for (const needle of needles) {
    for (let at = 0; at < WORD; at += 1) words.add(slotOfWord(needle.bytes.readInt32LE(at)));
    const slot = slotOf(needle.bytes.readInt32LE(0), needle.bytes.readInt32LE(WORD));
    windows.add(slot);
    const group = bySlot.get(slot);
    if (group) group.push(needle);
    else bySlot.set(slot, [needle]);
  }

  function scanBytes(bytes: Buffer, where: string, leaks: Map<string, Leak>): void {
    const text = wordsOf(bytes);
    for (let n = 0; n + 1 < text.length; n += 1) {
      const word = text[n] as number;
      if (!words.has(slotOfWord(word))) continue;
      const [before, after] = [text[n - 1] ?? 0, text[n + 1] as number];
      for (let back = 0; back < WORD; back += 1) {
        const bits = back * 8;
        const early = back === 0 ? word : (before >>> (32 - bits)) | (word << bits);
        const late = back === 0 ? after : (word >>> (32 - bits)) | (after << bits);
        const slot = slotOf(early, late);
        if (!windows.has(slot)) continue;
        const from = n * WORD - back;
        for (const needle of bySlot.get(slot) ?? []) {
          if (!isAt(bytes, from, needle.bytes)) continue;
          const leak = { name: needle.name, form: needle.form, where };
          leaks.set(`${leak.name}\n${leak.form}\n${where}`, leak);
        }
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
