import type { Instant } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { clear } from './clear.js';
import type { ErasureContext } from './context.js';
import { putBack } from './put-back.js';
import { resealedIn } from './resealed-files.js';
import { goneKeys } from './unreadable.js';

/** What the re-sealed rows of the backup set did for a database that was put back. */
export interface Restored {
  /** Contact points that are readable again. */
  readonly rows: number;
  /** Subjects whose contact points open no more, and whose erasure is carried out here too. */
  readonly erased: number;
  /** Contact points that open no more although no erasure says why. */
  readonly unexplained: number;
}

/**
 * Brings a database that was put back to what later erasures left: contact points get the ciphertext
 * under the newer key of their bucket, keys older than that go (a copy of the keys may have brought
 * one back), and whoever is then unreadable was erased, so their rows leave this database as well.
 * The journal has to be applied before, since it says who asked for it.
 */
export async function applyErasures(context: ErasureContext, at: Instant): Promise<Restored> {
  const { pool, vault, backupDir } = context;
  let rows = 0;
  for (const { bucket, version, name } of await resealedIn(backupDir)) {
    // A copy of the keys that is older than this bucket's key: what it opens, it opens by the older one.
    if (!vault.bucketVersions(bucket).includes(version)) continue;
    rows += await putBack(context, name);
    await vault.destroyBucketKeysBefore(bucket, version);
  }
  const unreadable = await unreadableSubjects(context);
  const erasures = await queryable(pool).query<{ id: string; subjects: string[] }>(
    `select e.id, array_agg(s.subject_id) as subjects
     from permissions.erasure e join permissions.erasure_subject s on s.erasure_id = e.id
     where e.state = 'waiting' and s.subject_id = any ($1::uuid[]) group by e.id order by e.requested_at, e.id`,
    [unreadable],
  );
  for (const { id } of erasures) await clear(context, id, at);
  const left = await unreadableSubjects(context);
  return { rows, erased: unreadable.length - left.length, unexplained: left.length };
}

/** Subjects with a contact point whose key isn't here. */
async function unreadableSubjects({ pool, vault }: ErasureContext): Promise<string[]> {
  const gone = await goneKeys(queryable(pool), vault);
  const rows = await queryable(pool).query<{ id: string }>(
    `select distinct subject_id as id from permissions.contact_point
     where substring(sealed from 1 for 7) = any ($1::bytea[]) order by 1`,
    [gone],
  );
  return rows.map(({ id }) => id);
}
