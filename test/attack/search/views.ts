/** In how many ways text may lie in text: base64 of JSON that holds hexadecimal, but no deeper. */
const DEEPEST = 2;
/** Shorter runs hold no MD5, and no contact value that anybody would look for in hexadecimal. */
const SHORTEST_HEX = 20;
const SHORTEST_BASE64 = 20;
const WIDE = /(?:[ -~]\0){8,}/g;

const HEX = 1;
const BASE64 = 2;
const PRINTABLE = 4;
const CLASS = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const char = String.fromCharCode(byte);
  CLASS[byte] =
    (/[0-9a-fA-F]/.test(char) ? HEX : 0) |
    (/[0-9A-Za-z+/_-]/.test(char) ? BASE64 : 0) |
    (/[ -~]/.test(char) ? PRINTABLE : 0);
}

/**
 * Shows the bytes themselves and whatever they are the encoding of: hexadecimal and base64 (both
 * alphabets) at every alignment, UTF-16, JSON escapes, percent encoding, full-width digits.
 */
export function eachView(bytes: Buffer, show: (view: Buffer) => void, depth = 0): void {
  show(bytes);
  if (depth === DEEPEST) return;
  const inner = (view: Buffer): void =>
    eachView(view, show, looksLikeText(view) ? depth + 1 : DEEPEST);
  eachRun(bytes, inner);
  for (const view of rewritten(bytes)) inner(view);
}

function eachRun(bytes: Buffer, show: (view: Buffer) => void): void {
  let hex = 0;
  let base64 = 0;
  let hexInBase64 = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    const byte = at < bytes.length ? (bytes[at] as number) : 0;
    const kind = CLASS[byte] as number;
    if ((kind & HEX) !== 0) hex += 1;
    else {
      if (hex >= SHORTEST_HEX) showHex(bytes.toString('latin1', at - hex, at), show);
      hex = 0;
    }
    if ((kind & BASE64) !== 0) {
      base64 += 1;
      if ((kind & HEX) !== 0) hexInBase64 += 1;
    } else {
      // A long run that is nearly all hexadecimal digits is hexadecimal.
      const isHex = hexInBase64 >= SHORTEST_HEX && hexInBase64 * 20 >= base64 * 19;
      if (base64 >= SHORTEST_BASE64 && !isHex)
        showBase64(bytes.toString('latin1', at - base64, at), show);
      base64 = 0;
      hexInBase64 = 0;
    }
  }
}

function showHex(text: string, show: (view: Buffer) => void): void {
  for (const from of [0, 1]) show(Buffer.from(text.slice(from), 'hex'));
}

function showBase64(text: string, show: (view: Buffer) => void): void {
  for (const from of [0, 1, 2, 3]) show(Buffer.from(text.slice(from), 'base64'));
}

/** The UTF-8 of full-width digits, plus and hyphen as latin1 characters, and what they stand for. */
const FULL_WIDTH = /\u00ef\u00bc([\u0090-\u0099\u008b\u008d])/g;

function* rewritten(bytes: Buffer): Iterable<Buffer> {
  for (const [run] of bytes.toString('latin1').matchAll(WIDE))
    yield Buffer.from(run.replaceAll('\0', ''), 'latin1');
  const has = (text: string): boolean => bytes.includes(text, 0, 'latin1');
  if (has('\\u00')) yield rewrite(bytes, /\\u00([0-9a-fA-F]{2})/g, parsed);
  if (has('%40') || has('%2B') || has('%2b')) yield rewrite(bytes, /%([0-9a-fA-F]{2})/g, parsed);
  if (has('\u00ef\u00bc')) yield rewrite(bytes, FULL_WIDTH, narrow);
}

function rewrite(bytes: Buffer, pattern: RegExp, to: (match: string, part: string) => string) {
  return Buffer.from(bytes.toString('latin1').replace(pattern, to), 'latin1');
}

const parsed = (_: string, hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));
const narrow = (_: string, last: string): string =>
  String.fromCharCode(last.charCodeAt(0) - 0x90 + 0x30);

/** Whether it is worth while to look for an encoding in it. */
function looksLikeText(view: Buffer): boolean {
  let printable = 0;
  for (const byte of view) printable += (CLASS[byte] as number) & PRINTABLE;
  return printable >= view.length * PRINTABLE * 0.9;
}
