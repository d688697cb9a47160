import type { KeyObject } from 'node:crypto';
import { verifyChain, verifyCheckpoints } from '@kyoka/chain';
import type { Defect, StoredBlock } from '@kyoka/chain';
import { isSignedBy, placeAsItIs } from './checkpoint-file.js';
import { sha256Hex } from './checkpoint-writer.js';

/** Reads chains as they are stored now; the SQL is with whoever owns the tables. */
export interface ChainReader {
  chains(): Promise<readonly string[]>;
  /** Blocks by number, each with its entries in their order. */
  blocks(chain: string): AsyncIterable<StoredBlock>;
}

export interface VerifyReport {
  readonly entries: number;
  /** Of them, those of erased people whose term is over: their hash is left. */
  readonly shredded: number;
  readonly chains: number;
  readonly blocks: number;
  readonly checkpoints: number;
  /** Blocks that no checkpoint covers yet. */
  readonly unwitnessed: number;
  /** The first {@link DEFECTS_SHOWN}. */
  readonly defects: readonly Defect[];
  readonly defectsLeftOff: number;
}

const DEFECTS_SHOWN = 1_000;

/**
 * Checks every chain against itself and against the signed checkpoints of all places. Needs no
 * secret. May run beside a working system: checkpoints are read first, so every block that one of
 * them names is committed.
 */
export async function verifyEvidence(options: {
  readonly reader: ChainReader;
  readonly dirs: readonly string[];
  readonly publicKey: KeyObject;
}): Promise<VerifyReport> {
  const { reader, dirs, publicKey } = options;
  const places = await Promise.all(dirs.map(placeAsItIs));
  const outside = await verifyCheckpoints(places, sha256Hex, isSignedBy(publicKey));
  const defects = [...outside.defects];
  const sums = { entries: 0, shredded: 0, blocks: 0, unwitnessed: 0 };
  const chains = [...new Set([...(await reader.chains()), ...outside.witnesses.keys()])].sort();
  for (const chain of chains) {
    const witnesses = outside.witnesses.get(chain) ?? new Map();
    const verdict = await verifyChain(sha256Hex, chain, reader.blocks(chain), witnesses);
    sums.entries += verdict.entries;
    sums.shredded += verdict.shredded;
    sums.blocks += verdict.blocks;
    sums.unwitnessed += verdict.unwitnessed;
    defects.push(...verdict.defects);
  }
  if (sums.blocks > 0 && outside.checkpoints === 0) defects.push({ kind: 'missing_checkpoints' });
  return {
    ...sums,
    chains: chains.length,
    checkpoints: outside.checkpoints,
    defects: defects.slice(0, DEFECTS_SHOWN),
    defectsLeftOff: Math.max(0, defects.length - DEFECTS_SHOWN),
  };
}
