import { writeFileSync } from 'node:fs';

/** Odd numbers that spread a word over five bits in eight ways (Apache Parquet, split block Bloom filter). */
const SALT = [
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
];
const WORDS = 8;
const BLOCK_BYTES = 4 * WORDS;
const SMALLEST = 1 << 20;
const LARGEST = 1 << 30;

/**
 * Whether a digest may be among those that were added, by its first eight bytes: never "no" for one that
 * was. A block of eight words is chosen by bytes 4 to 7, and one bit in each word by bytes 0 to 3.
 */
export class DigestFilter {
  readonly words: SharedArrayBuffer;
  readonly #words: Uint32Array;
  readonly #mask: number;

  private constructor(words: SharedArrayBuffer) {
    this.words = words;
    this.#words = new Uint32Array(words);
    this.#mask = words.byteLength / BLOCK_BYTES - 1;
  }

  /** @param digests about how many will be added; a wrong "maybe" is then one in some ten thousand */
  static for(digests: number): DigestFilter {
    let bytes = SMALLEST;
    while (bytes < digests * 4 && bytes < LARGEST) bytes *= 2;
    return new DigestFilter(new SharedArrayBuffer(bytes));
  }

  /** One that another thread made. */
  static over(words: SharedArrayBuffer): DigestFilter {
    return new DigestFilter(words);
  }

  add(bytes: Buffer, at = 0): void {
    const key = bytes.readInt32LE(at);
    const block = (bytes.readUInt32LE(at + 4) & this.#mask) * WORDS;
    for (let i = 0; i < WORDS; i += 1) {
      const bit = Math.imul(key, SALT[i] as number) >>> 27;
      this.#words[block + i] = (this.#words[block + i] as number) | (1 << bit);
    }
  }

  mayHold(bytes: Buffer, at = 0): boolean {
    const key = bytes.readInt32LE(at);
    const block = (bytes.readUInt32LE(at + 4) & this.#mask) * WORDS;
    for (let i = 0; i < WORDS; i += 1) {
      const bit = Math.imul(key, SALT[i] as number) >>> 27;
      if ((((this.#words[block + i] as number) >>> bit) & 1) === 0) return false;
    }
    return true;
  }

  /** As the kernel reads it: the words one after another, low byte first. */
  write(file: string): void {
    writeFileSync(file, new Uint8Array(this.words), { mode: 0o600 });
  }
}
