import type { Piece } from './read-copy.js';

const HEX = /(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/g;
const BASE64 = /(?<![\w+/-])[\w+/-]{43,64}(?![\w+/-])/g;
const CHARS = 43;
const BYTES = 32;
/** Settings, key files and the like are not longer; every 32 bytes of such a file are a value. */
const SMALL = 4 << 10;
/** In these a small file is one of thousands of parts of a whole. */
const PARTS = /^(?:database|topics)\//;

/**
 * Adds every 32-byte value of a piece, one character a byte: 64 hexadecimal digits by themselves (a
 * column of a dump, too); the first and the last 43 characters of 43 to 64 of base64; and in small
 * files, which may be keys as they are, every 32 bytes one after another.
 */
export function addValues({ file, size, bytes }: Piece, values: Set<string>): void {
  const text = bytes.toString('latin1');
  const add = (value: Buffer): void => void values.add(value.toString('latin1'));
  for (const [match] of text.matchAll(HEX)) add(Buffer.from(match, 'hex'));
  for (const [match] of text.matchAll(BASE64)) {
    add(Buffer.from(match.slice(0, CHARS), 'base64'));
    if (match.length > CHARS) add(Buffer.from(match.slice(-CHARS), 'base64'));
  }
  if (size > SMALL || PARTS.test(file)) return;
  for (let at = 0; at + BYTES <= bytes.length; at += 1) add(bytes.subarray(at, at + BYTES));
}
