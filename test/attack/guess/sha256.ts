/** SHA-256 (FIPS 180-4) block by block, with nothing made anew for each. */

const ROUNDS = 64;
const BLOCK_WORDS = 16;
const BLOCK_BYTES = BLOCK_WORDS * 4;

/** The first 32 bits of the fractional part of a root of each of the first primes. */
function roots(count: number, root: (prime: number) => number): Int32Array {
  const found = new Int32Array(count);
  let [at, prime] = [0, 2];
  for (; at < count; prime += 1) {
    let isPrime = true;
    for (let by = 2; by * by <= prime; by += 1) isPrime &&= prime % by !== 0;
    if (!isPrime) continue;
    const value = root(prime);
    found[at] = ((value - Math.floor(value)) * 2 ** 32) | 0;
    at += 1;
  }
  return found;
}

export const START = roots(8, Math.sqrt);
const K = roots(ROUNDS, Math.cbrt);
const w = new Int32Array(ROUNDS);

/** Takes one block of 16 words into the state of 8, from `from` to `to`, which may be the same. */
export function compress(from: Int32Array, block: Int32Array, to: Int32Array): void {
  for (let i = 0; i < BLOCK_WORDS; i += 1) w[i] = block[i] as number;
  for (let i = BLOCK_WORDS; i < ROUNDS; i += 1) {
    const early = w[i - 15] as number;
    const late = w[i - 2] as number;
    w[i] =
      ((w[i - 16] as number) +
        (w[i - 7] as number) +
        (((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3)) +
        (((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10))) |
      0;
  }
  let a = from[0] as number;
  let b = from[1] as number;
  let c = from[2] as number;
  let d = from[3] as number;
  let e = from[4] as number;
  let f = from[5] as number;
  let g = from[6] as number;
  let h = from[7] as number;
  for (let i = 0; i < ROUNDS; i += 1) {
    const one =
      (h +
        (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
        ((e & f) ^ (~e & g)) +
        (K[i] as number) +
        (w[i] as number)) |
      0;
    const two =
      ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
        ((a & b) ^ (a & c) ^ (b & c))) |
      0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  to[0] = (from[0] as number) + a;
  to[1] = (from[1] as number) + b;
  to[2] = (from[2] as number) + c;
  to[3] = (from[3] as number) + d;
  to[4] = (from[4] as number) + e;
  to[5] = (from[5] as number) + f;
  to[6] = (from[6] as number) + g;
  to[7] = (from[7] as number) + h;
}

/**
 * The blocks of a message.
 *
 * @param before how many bytes were taken in already
 */
export function padded(message: Uint8Array, before = 0): Int32Array[] {
  const count = Math.floor((message.length + 8) / BLOCK_BYTES) + 1;
  const bytes = Buffer.alloc(count * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  bytes.writeUInt32BE((message.length + before) * 8, bytes.length - 4);
  return Array.from({ length: count }, (_, n) => wordsOf(bytes.subarray(n * BLOCK_BYTES)));
}

const wordsOf = (bytes: Buffer): Int32Array =>
  Int32Array.from({ length: BLOCK_WORDS }, (_, n) => bytes.readInt32BE(n * 4));

/** The states of HMAC (RFC 2104) after its two keys, of 32 bytes. */
export function hmacStates(key: Uint8Array): [inner: Int32Array, outer: Int32Array] {
  return [0x36, 0x5c].map((pad) => {
    const bytes = Buffer.alloc(BLOCK_BYTES, pad);
    key.forEach((byte, at) => (bytes[at] = byte ^ pad));
    const state = new Int32Array(8);
    compress(START, wordsOf(bytes), state);
    return state;
  }) as [Int32Array, Int32Array];
}
