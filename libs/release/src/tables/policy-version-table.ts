import { type Instant, KyokaError } from '@kyoka/kernel';
import type { PolicyFile } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';

/**
 * A version that was ever in force is frozen.
 *
 * @throws KyokaError `conflict` where it went live as another file
 */
export async function requireSameFile(
  tx: Queryable,
  version: string,
  { sha256 }: PolicyFile,
): Promise<void> {
  const [row] = await tx.query<{ file_sha256: string }>(
    'select file_sha256 from audiences.policy_version where id = $1',
    [version],
  );
  if (row !== undefined && row.file_sha256 !== sha256) {
    throw new KyokaError('conflict', 'this version went live as another file', {
      faults: [
        { field: version, expected: 'the file that went live; a changed text is a new version' },
      ],
    });
  }
}

/** Keeps the file of a version as it goes live; the one of its first time stays. */
export async function keepPolicyVersion(
  tx: Queryable,
  version: string,
  { sha256, text }: PolicyFile,
  at: Instant,
): Promise<void> {
  await tx.query(
    `insert into audiences.policy_version (id, file_sha256, file, at) values ($1, $2, $3, $4)
     on conflict (id) do nothing`,
    [version, sha256, text, stamp(at)],
  );
}
