import { formatInstant, type Instant } from '@kyoka/kernel';
import { appendOutbox, refsForReaders } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';

const TOPIC = 'kyoka.suspension-progress.v1';

/** How far an erasure has come, and of whom. */
export interface ErasureStep {
  readonly erasure: string;
  readonly subjects: readonly string[];
  readonly step: 'erasure_carried_out' | 'erased';
  /** The day of the receipt. */
  readonly unreadableAfter?: string;
}

/** Tells other services of an erasure's step, once for each subject that it means. */
export async function tellProgress(
  tx: Queryable,
  steps: readonly ErasureStep[],
  at: Instant,
): Promise<void> {
  const refs = await refsForReaders(
    tx,
    TOPIC,
    steps.flatMap(({ subjects }) => subjects),
    at,
  );
  await appendOutbox(
    tx,
    steps.flatMap(({ erasure, subjects, step, unreadableAfter }) =>
      subjects.map((subject) => ({
        topic: TOPIC,
        key: subject,
        type: 'jp.kyoka.suspension.progressed.v1',
        payload: {
          subject,
          refs: (refs.get(subject) ?? []).map((ref) => ({ ...ref })),
          suspension: erasure,
          scope: { purposes: ['*'], channels: ['*'] },
          step,
          unreadableAfter,
          at: formatInstant(at),
        },
      })),
    ),
  );
}
