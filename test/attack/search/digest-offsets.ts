/** SHA-256, and MD5, the shortest of the digests. SHA-1 lies between. */
const LONG = 32;
const SHORT = 16;

/** The bytes of a digest are nearly all different, and some are above 127. */
const LONG_DIFFERENT = 20;
const LONG_HIGH = 2;
const SHORT_DIFFERENT = 10;

const long = new Uint8Array(256);
const short = new Uint8Array(256);

/**
 * Offsets at which a digest may begin: where the next bytes look random. Left out are text, zeros and
 * headers of pages. It misses one of 100 million SHA-256 (fewer than two bytes above 127), and one of
 * 65,000 MD5 (none).
 *
 * @param offsets takes them; has room for as many as there are bytes
 * @returns how many there are
 */
export function digestOffsets(bytes: Buffer, offsets: Int32Array): number {
  const size = bytes.length;
  if (size < SHORT) return 0;
  long.fill(0);
  short.fill(0);
  let [inLong, highInLong, inShort, highInShort, found] = [0, 0, 0, 0, 0];
  for (let at = 0; at < Math.min(size, LONG); at += 1) {
    const byte = bytes[at] as number;
    if ((long[byte] as number) === 0) inLong += 1;
    (long[byte] as number) += 1;
    highInLong += byte >>> 7;
    if (at >= SHORT) continue;
    if ((short[byte] as number) === 0) inShort += 1;
    (short[byte] as number) += 1;
    highInShort += byte >>> 7;
  }
  for (let at = 0; at + SHORT <= size; at += 1) {
    if (
      (inShort >= SHORT_DIFFERENT && highInShort > 0) ||
      (inLong >= LONG_DIFFERENT && highInLong >= LONG_HIGH && at + LONG <= size)
    ) {
      offsets[found] = at;
      found += 1;
    }
    const gone = bytes[at] as number;
    const high = gone >>> 7;
    (short[gone] as number) -= 1;
    if ((short[gone] as number) === 0) inShort -= 1;
    highInShort -= high;
    (long[gone] as number) -= 1;
    if ((long[gone] as number) === 0) inLong -= 1;
    highInLong -= high;
    if (at + SHORT < size) {
      const came = bytes[at + SHORT] as number;
      if ((short[came] as number) === 0) inShort += 1;
      (short[came] as number) += 1;
      highInShort += came >>> 7;
    }
    if (at + LONG < size) {
      const came = bytes[at + LONG] as number;
      if ((long[came] as number) === 0) inLong += 1;
      (long[came] as number) += 1;
      highInLong += came >>> 7;
    }
  }
  return found;
}
