import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { joinChains, verifyEvidence } from '@kyoka/evidence';
import type { ChainSource } from '@kyoka/evidence';
import { KyokaError } from '@kyoka/kernel';
import { CHECKPOINT_PUBLIC_KEY_FILE } from '@kyoka/vault';

/**
 * `npm run verify`: every hash chain against its checkpoints outside. Reads the public key of the
 * key folder and no secret. The last line written is the report,
 * `{"entries","chains",...,"defects":[...]}`.
 *
 * @returns the exit code: 0 without a defect, 1 with one
 * @throws KyokaError `key_missing` if there is no public key to verify with
 */
export async function verifyCommand(options: {
  /** The chains of every context. */
  readonly sources: readonly ChainSource[];
  readonly checkpointDirs: readonly string[];
  readonly keyDir: string;
  readonly write: (line: string) => void;
}): Promise<number> {
  const { sources, checkpointDirs, keyDir, write } = options;
  const pem = await readFile(join(keyDir, CHECKPOINT_PUBLIC_KEY_FILE)).catch(() => undefined);
  if (!pem) throw new KyokaError('key_missing', 'the key folder has no public key of checkpoints');
  const report = await verifyEvidence({
    reader: joinChains(sources),
    dirs: checkpointDirs,
    publicKey: createPublicKey(pem),
  });
  write(JSON.stringify(report));
  return report.defects.length > 0 ? 1 : 0;
}
