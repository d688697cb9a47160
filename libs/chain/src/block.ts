import { canonicalJson } from '@kyoka/kernel';
import type { Instant, Json } from '@kyoka/kernel';

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal digits. Handed in. */
export type Sha256Hex = (text: string) => string;

/** The last block of a chain. */
export interface Head {
  readonly chain: string;
  /** 0 before the first block. */
  readonly number: number;
  readonly hash: string;
}

export interface SealedBlock extends Head {
  /** Hash of the block before. */
  readonly prev: string;
  readonly at: Instant;
  /** One per entry, in their order. */
  readonly entryHashes: readonly string[];
}

const NOTHING = '0'.repeat(64);

/** The head of a chain without blocks. */
export function emptyHead(chain: string): Head {
  return { chain, number: 0, hash: NOTHING };
}

/**
 * The hash of one entry: SHA-256 of the canonical JSON (RFC 8785) of `["kyoka entry v1", entry]`.
 * An entry holds keyed tokens and digests of ciphertext, never a value, so that erasing a value
 * leaves the chain whole.
 */
export function entryHash(sha256Hex: Sha256Hex, entry: Json): string {
  return sha256Hex(canonicalJson(['kyoka entry v1', entry]));
}

/** SHA-256 of the canonical JSON of `["kyoka block v1", chain, number, prev, at, entryHashes]`. */
export function blockHash(sha256Hex: Sha256Hex, block: Omit<SealedBlock, 'hash'>): string {
  const { chain, number, prev, at, entryHashes } = block;
  return sha256Hex(canonicalJson(['kyoka block v1', chain, number, prev, at, entryHashes]));
}

/** The block that puts these entries on top of `head`. It is the chain's next head. */
export function sealBlock(
  sha256Hex: Sha256Hex,
  head: Head,
  entries: readonly Json[],
  at: Instant,
): SealedBlock {
  const block = {
    chain: head.chain,
    number: head.number + 1,
    prev: head.hash,
    at,
    entryHashes: entries.map((entry) => entryHash(sha256Hex, entry)),
  };
  return { ...block, hash: blockHash(sha256Hex, block) };
}
