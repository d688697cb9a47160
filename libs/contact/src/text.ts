/** Marks that no keyboard shows: zero-width characters and direction marks, word joiner, byte order mark, soft hyphen. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu;

/**
 * The form every value takes before its own rule: well-formed, without invisible marks, NFKC
 * (half and full width, composed voiced marks), trimmed. Cleaning twice changes nothing.
 */
export function clean(raw: string): string {
  return raw.toWellFormed().replace(INVISIBLE, '').normalize('NFKC').trim();
}

/**
 * Every character that people type for a hyphen: the Unicode dashes, the minus sign, box-drawing
 * lines, and the Japanese long-vowel mark, which NFKC leaves alone.
 */
export const DASHES = /[\p{Pd}\u02d7\u2043\u2212\u2500\u2501\u30fc]/gu;
