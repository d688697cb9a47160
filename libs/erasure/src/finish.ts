import { formatInstant, type Instant } from '@kyoka/kernel';
import { appendLedger } from '@kyoka/permission-store';
import { inTransaction } from '@kyoka/postgres';
import { actId } from './act-id.js';
import type { ErasureContext } from './context.js';
import { tellProgress } from './progress.js';
import { unreadableAfter } from './terms.js';

/**
 * Ends erasures none of whose subjects waits for a key's end, also not for one of an earlier erasure
 * of the same subject: only then does the receipt name its day.
 */
export async function finish({ pool, parkedDays }: ErasureContext, at: Instant): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const after = unreadableAfter(at, parkedDays);
    const ended = await tx.query<{ id: string; subjects: string[] }>(
      `update permissions.erasure e set state = 'erased', erased_at = $1, unreadable_after = $2
       where e.state = 'cleared' and not exists (
         select from permissions.erasure_subject mine
         join permissions.erasure_subject own on own.subject_id = mine.subject_id
         where mine.erasure_id = e.id and own.bucket is not null and not exists (
           select from permissions.bucket_rotation r
           where r.bucket = own.bucket and r.version > own.key_version and r.state = 'done'))
       returning e.id, array(select s.subject_id from permissions.erasure_subject s
         where s.erasure_id = e.id order by 1) as subjects`,
      [formatInstant(at), after],
    );
    await appendLedger(
      tx,
      ended.flatMap(({ id, subjects }) =>
        subjects.map((subjectId) => ({
          id: actId(id, subjectId, 'erased'),
          subjectId,
          act: 'erased',
          at,
          body: { erasure: id, unreadableAfter: after },
        })),
      ),
      at,
    );
    await tellProgress(
      tx,
      ended.map(({ id, subjects }) => ({
        erasure: id,
        subjects,
        step: 'erased' as const,
        unreadableAfter: after,
      })),
      at,
    );
    return ended.length;
  });
}
