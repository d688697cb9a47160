import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChainSource, verifyEvidence, type VerifyReport } from '@kyoka/evidence';
import { KyokaError } from '@kyoka/kernel';
import { CHECKPOINT_PUBLIC_KEY_FILE } from '@kyoka/vault';
import { ANSWERED, REFUSED } from '../lines/surroundings.js';

/** Where the proofs of a system lie outside its database. */
export interface Proofs {
  readonly checkpointDirs: readonly string[];
  /** The key folder; its public key is read, and no secret. */
  readonly keyDir: string;
}

/**
 * `kyoka verify`: every hash chain against its checkpoints outside. The last line written is the
 * report, `{"entries","chains",...,"defects":[...]}`.
 *
 * @returns the exit code: 0 without a defect, 1 with one
 * @throws KyokaError `key_missing` if there is no public key to verify with
 */
export async function verifyCommand(
  chains: ChainSource,
  proofs: Proofs,
  write: (line: string) => void,
): Promise<number> {
  const report = await verify(chains, proofs);
  write(JSON.stringify(report));
  return report.defects.length > 0 ? REFUSED : ANSWERED;
}

/** @throws KyokaError `key_missing` if there is no public key to verify with */
export async function verify(
  reader: ChainSource,
  { checkpointDirs, keyDir }: Proofs,
): Promise<VerifyReport> {
  const pem = await readFile(join(keyDir, CHECKPOINT_PUBLIC_KEY_FILE)).catch(() => undefined);
  if (!pem) throw new KyokaError('key_missing', 'the key folder has no public key of checkpoints');
  return verifyEvidence({ reader, dirs: checkpointDirs, publicKey: createPublicKey(pem) });
}
