import type { ContactKind } from '@kyoka/kernel';
import { isKyokaError } from '@kyoka/kernel';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import type { ErasureContext } from './context.js';

/** A sealed contact point by the key of its row. */
export interface SealedRow {
  readonly subjectId: string;
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly sealed: Buffer;
}

interface Row {
  readonly subject_id: string;
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly sealed: Buffer;
}

const CHUNK = 500;
const COLUMNS = 'subject_id, kind, token, sealed';
const START = { subject_id: '00000000-0000-0000-0000-000000000000', kind: '', token: Buffer.of() };

/**
 * Seals every value of a bucket again that lies under a key older than `version`, a chunk a transaction,
 * rows locked in the order of their keys. What was done before a crash isn't found again.
 *
 * @returns how many could not be opened, and are left as they are
 */
export async function reseal(
  { pool, vault, chunk: atOnce = CHUNK }: ErasureContext,
  bucket: number,
  version: number,
): Promise<number> {
  const older = vault
    .bucketVersions(bucket)
    .filter((one) => one < version)
    .map((one) => vault.bucketKeyId(bucket, one));
  let broken = 0;
  let after: Omit<Row, 'sealed' | 'kind'> & { readonly kind: string } = START;
  for (;;) {
    const rows = await inTransaction(pool, async (tx) => {
      const chunk = await tx.query<Row>(
        `select ${COLUMNS} from permissions.contact_point
         where substring(sealed from 1 for 7) = any ($1::bytea[])
           and (subject_id, kind, token) > ($2::uuid, $3::text, $4::bytea)
         order by subject_id, kind, token limit $5 for update`,
        [older, after.subject_id, after.kind, after.token, atOnce],
      );
      const again = chunk.flatMap((row) => sealedAgain(vault, row));
      await store(tx, again);
      return { chunk, again };
    });
    broken += rows.chunk.length - rows.again.length;
    const last = rows.chunk.at(-1);
    if (last === undefined) return broken;
    after = last;
  }
}

function sealedAgain(vault: ErasureContext['vault'], row: Row): SealedRow[] {
  const bind = { subject: row.subject_id, field: row.kind };
  try {
    const sealed = vault.seal(vault.open(row.sealed, bind), bind);
    return [{ subjectId: row.subject_id, kind: row.kind, token: row.token, sealed }];
  } catch (fault) {
    if (isKyokaError(fault) && fault.code === 'seal_broken') return [];
    throw fault;
  }
}

async function store(tx: Queryable, rows: readonly SealedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update permissions.contact_point c set sealed = n.sealed
     from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) as n (subject_id, kind, token, sealed)
     where (c.subject_id, c.kind, c.token) = (n.subject_id, n.kind, n.token)`,
    [
      rows.map((row) => row.subjectId),
      rows.map((row) => row.kind),
      rows.map((row) => row.token),
      rows.map((row) => row.sealed),
    ],
  );
}

/** Every row under one key, in the order of their keys. A bucket is a thousandth of everybody. */
export async function sealedUnder(db: Queryable, keyId: Buffer): Promise<SealedRow[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from permissions.contact_point where substring(sealed from 1 for 7) = $1
     order by subject_id, kind, token`,
    [keyId],
  );
  return rows.map(({ subject_id: subjectId, kind, token, sealed }) => ({
    subjectId,
    kind,
    token,
    sealed,
  }));
}

/** How many rows of a bucket lie under a key that isn't here. The first three bytes name the bucket. */
export async function underNoKey({ pool, vault }: ErasureContext, bucket: number): Promise<number> {
  const here = vault.bucketVersions(bucket).map((version) => vault.bucketKeyId(bucket, version));
  const [first] = here;
  if (first === undefined) return 0;
  const [row] = await queryable(pool).query<{ rows: number }>(
    `select count(*)::integer as rows from permissions.contact_point
     where substring(sealed from 1 for 7) between $1::bytea and $2::bytea
       and substring(sealed from 1 for 7) <> all ($3::bytea[])`,
    [edgeOf(first, 0x00), edgeOf(first, 0xff), here],
  );
  return row?.rows ?? 0;
}

const edgeOf = (keyId: Buffer, rest: number): Buffer =>
  Buffer.concat([keyId.subarray(0, 3), Buffer.alloc(4, rest)]);
