import type { Instant, Json } from '@kyoka/kernel';
import { blockHash, emptyHead, entryHash } from './block.js';
import type { Head, Sha256Hex } from './block.js';
import type { Defect, DefectKind } from './defects.js';
import { ShreddedEntry } from './shredded-entry.js';

/** A block as it is stored, with the entries that are there now. */
export interface StoredBlock {
  readonly number: number;
  readonly prev: string;
  readonly hash: string;
  readonly at: Instant;
  /** How many entries the block was sealed with. */
  readonly count: number;
  readonly entries: readonly (Json | ShreddedEntry)[];
}

/** Hashes that valid checkpoints name, by block number. More than one only where checkpoints conflict. */
export type Witnesses = ReadonlyMap<number, ReadonlySet<string>>;

export interface ChainVerdict {
  readonly entries: number;
  /** Of them, those whose body is gone after its term. */
  readonly shredded: number;
  readonly blocks: number;
  /** Blocks after the last witnessed one: a rewriting of these can't be noticed yet. */
  readonly unwitnessed: number;
  readonly defects: readonly Defect[];
}

/**
 * Walks a chain from its first block, in the order of the reader (by number), and compares it with
 * what checkpoints witness. A chain alone shows only careless changes: a cut tail and a chain
 * rewritten with valid hashes show against the witnesses.
 */
export async function verifyChain(
  sha256Hex: Sha256Hex,
  chain: string,
  blocks: AsyncIterable<StoredBlock>,
  witnesses: Witnesses,
): Promise<ChainVerdict> {
  const defects: Defect[] = [];
  const found = (kind: DefectKind, block: number) => defects.push({ kind, chain, block });
  let head: Head = emptyHead(chain);
  let entries = 0;
  let count = 0;
  let shredded = 0;

  for await (const block of blocks) {
    count += 1;
    entries += block.entries.length;
    shredded += block.entries.filter((entry) => entry instanceof ShreddedEntry).length;
    for (const kind of blockDefects(sha256Hex, chain, block)) found(kind, block.number);
    for (const kind of linkDefects(head, block)) {
      found(kind, kind === 'missing_block' ? head.number + 1 : block.number);
    }
    const witnessed = witnesses.get(block.number);
    if (witnessed && !witnessed.has(block.hash)) found('rewritten_chain', block.number);
    if (block.number > head.number) head = { chain, number: block.number, hash: block.hash };
  }

  const lastWitnessed = [...witnesses.keys()].reduce((last, number) => Math.max(last, number), 0);
  if (lastWitnessed > head.number) found('cut_tail', head.number + 1);
  const unwitnessed = Math.max(0, head.number - lastWitnessed);
  return { entries, shredded, blocks: count, unwitnessed, defects };
}

function blockDefects(sha256Hex: Sha256Hex, chain: string, block: StoredBlock): DefectKind[] {
  if (block.entries.length < block.count) return ['gap_in_entries'];
  if (block.entries.length > block.count) return ['added_entry'];
  const entryHashes = block.entries.map((entry) =>
    entry instanceof ShreddedEntry ? entry.hash : entryHash(sha256Hex, entry),
  );
  const { number, prev, at } = block;
  const hash = blockHash(sha256Hex, { chain, number, prev, at, entryHashes });
  return hash === block.hash ? [] : ['changed_entry'];
}

function linkDefects(head: Head, block: StoredBlock): DefectKind[] {
  if (block.number > head.number + 1) return ['missing_block'];
  if (block.number <= head.number) return ['reordered'];
  return block.prev === head.hash ? [] : ['broken_link'];
}
