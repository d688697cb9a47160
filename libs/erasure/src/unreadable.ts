import type { Instant } from '@kyoka/kernel';
import { appendLedger } from '@kyoka/permission-store';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { actId } from './act-id.js';
import type { ErasureContext } from './context.js';
import { putBack } from './put-back.js';
import { resealedIn } from './resealed-files.js';

type Context = Pick<ErasureContext, 'pool' | 'vault' | 'backupDir' | 'chunk'>;

/** Contact points whose key isn't here. */
export interface Unreadable {
  readonly contactPoints: number;
  readonly subjects: number;
  readonly buckets: readonly number[];
}

const CHUNK = 500;

/** What lies under keys that are not here, once the rows kept beside the backups were put back. */
export async function findUnreadable(context: Context): Promise<Unreadable> {
  for (const { bucket, version, name } of await resealedIn(context.backupDir)) {
    if (context.vault.bucketVersions(bucket).includes(version)) await putBack(context, name);
  }
  const db = queryable(context.pool);
  const gone = await goneKeys(db, context.vault);
  const [row] = await db.query<{ rows: number; subjects: number }>(
    `select count(*)::integer as rows, count(distinct subject_id)::integer as subjects
     from permissions.contact_point where substring(sealed from 1 for 7) = any ($1::bytea[])`,
    [gone],
  );
  const buckets = [...new Set(gone.map((key) => key.readUInt16BE(1)))];
  return {
    contactPoints: row?.rows ?? 0,
    subjects: row?.subjects ?? 0,
    buckets: buckets.sort((left, right) => left - right),
  };
}

/**
 * Gives up the ciphertexts that open no more, so that they hold up no erasure in their buckets. The
 * contact points stay with their tokens, and whatever stops them; a value comes back with the next event
 * that brings it. The ledger says whose it was.
 *
 * @returns how many contact points
 */
export async function letGo(context: Context, at: Instant): Promise<number> {
  const gone = await goneKeys(queryable(context.pool), context.vault);
  let letGoOf = 0;
  for (;;) {
    const count = await inTransaction(context.pool, (tx) =>
      letGoOfSome(tx, gone, context.chunk ?? CHUNK, at),
    );
    if (count === 0) return letGoOf;
    letGoOf += count;
  }
}

async function letGoOfSome(
  tx: Queryable,
  gone: readonly Buffer[],
  atOnce: number,
  at: Instant,
): Promise<number> {
  const rows = await tx.query<{ subject_id: string; kind: string; token: Buffer }>(
    `update permissions.contact_point c set sealed = ''
     from (select subject_id, kind, token from permissions.contact_point
       where substring(sealed from 1 for 7) = any ($1::bytea[])
       order by subject_id, kind, token limit $2 for update) n
     where (c.subject_id, c.kind, c.token) = (n.subject_id, n.kind, n.token)
     returning c.subject_id, c.kind, c.token`,
    [gone, atOnce],
  );
  await appendLedger(
    tx,
    rows.map(({ subject_id: subjectId, kind, token }) => ({
      id: actId('value lost', subjectId, `${kind} ${token.toString('hex')} ${at}`),
      subjectId,
      act: 'value_lost',
      at,
      body: { contacts: [{ kind, token: token.toString('base64url') }] },
    })),
    at,
  );
  return rows.length;
}

/**
 * The first bytes of values whose key isn't here; a value that was let go has none. The keys are looked
 * at after the values, since a key is made before anything is sealed under it.
 */
export async function goneKeys(
  db: Queryable,
  vault: Pick<ErasureContext['vault'], 'bucketVersions' | 'refresh'>,
): Promise<Buffer[]> {
  const used = await db.query<{ key: Buffer }>(
    `select distinct substring(sealed from 1 for 7) as key from permissions.contact_point where sealed <> ''`,
  );
  await vault.refresh();
  return used
    .map(({ key }) => key)
    .filter((key) => !vault.bucketVersions(key.readUInt16BE(1)).includes(key.readUInt32BE(3)));
}
