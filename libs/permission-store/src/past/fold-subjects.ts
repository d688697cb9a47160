import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { entriesOf, type RecordedEntry } from './entries.js';
import { type FoldedSubject, foldSubject } from './fold-subject.js';

/** Subjects as the ledger knew them at a moment. */
export interface FoldedSubjects {
  /** Whoever was known then. */
  readonly known: ReadonlyMap<string, FoldedSubject>;
  readonly entries: ReadonlyMap<string, readonly RecordedEntry[]>;
  /** Whoever came before the ledger held everything, or whose records ended since. */
  readonly inPart: ReadonlySet<string>;
}

/** Folds subjects from what the ledger knew of them; see {@link entriesOf} for somebody erased. */
export async function foldSubjects(
  tx: Queryable,
  subjectIds: readonly string[],
  at: Instant,
): Promise<FoldedSubjects> {
  const names = await tx.query<{
    id: string;
    source: string;
    ref: string;
    arrived_at: Date;
    recorded_whole: boolean;
  }>(
    `select id, source, ref, arrived_at, recorded_whole from permissions.subject
     where id = any ($1::uuid[])`,
    [subjectIds],
  );
  const entries = Map.groupBy(await entriesOf(tx, subjectIds, at), (one) => one.subjectId ?? '');
  const hasEnded = (id: string): boolean => {
    const own = entries.get(id) ?? [];
    const ended = own.findLastIndex(({ body }) => body.shredded !== undefined);
    // What came in before the records ended is told by the entry of their end.
    return ended >= 0 && !own.slice(ended).some(({ kept }) => kept);
  };
  return {
    entries,
    known: new Map(
      names.flatMap((name): [string, FoldedSubject][] => {
        const own = entries.get(name.id);
        return own === undefined ? [] : [[name.id, foldSubject(name.id, name, own)]];
      }),
    ),
    inPart: new Set(
      names
        .filter(
          ({ id, arrived_at: arrived, recorded_whole: whole }) =>
            hasEnded(id) || (!whole && arrived.getTime() <= at),
        )
        .map(({ id }) => id),
    ),
  };
}
